// make open: what it finds and shows; tests/e2e opens the UIs of a platform that runs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browserCommand } from "../../scripts/platform/browser.ts";
import { administrators } from "../../scripts/platform/credentials.ts";
import {
  addressOfNode,
  interfacesOfCluster,
  interfacesOfStack,
  mayHaveRoutes,
} from "../../scripts/platform/interfaces.ts";
import { type Case, renderCase } from "../program/program-cases.ts";

const service = (name: string, spec: object = {}, status: object = {}) => ({
  kind: "Service",
  metadata: { name },
  spec,
  status,
});
const nobody = administrators([]);

describe("the UIs of a stack", function () {
  this.timeout(60_000);
  const rendered = async (config: Case["config"]) => {
    const { outputs } = await renderCase({ title: "", stack: "minikube", config });
    return { outputs, found: interfacesOfStack(outputs) };
  };

  it("are what its outputs say, with those who may log in", async () => {
    const { outputs, found } = await rendered({});
    assert.deepEqual(
      found.map(({ ui, url }) => [ui, url]),
      [
        ["airflow", outputs.webserverUrl],
        ["mlflow", outputs.mlflowUrl],
        ["minio", outputs.minioUrl],
        ["prometheus", outputs.prometheusUrl],
        ["grafana", outputs.grafanaUrl],
      ],
    );
    for (const { ui, url, administrator } of found) {
      assert.match(url ?? "", /^http:\/\/.+:30\d+$/, ui);
      // MinIO's is as random and secret as its password.
      assert.equal(administrator?.user, (outputs.adminUsers as Record<string, string>)[ui]);
      assert.equal(administrator?.user === "admin", ui !== "minio", ui);
      assert.equal(administrator?.password, (outputs.adminPasswords as Record<string, string>)[ui]);
    }
  });

  it("have no URL where a port-forward reaches them", async () => {
    const { found } = await rendered({ exposure: { kind: "portForward" } });
    assert.equal(found.length, 5);
    assert.ok(found.every(({ url }) => url === undefined));
  });

  it("are none where nothing is deployed, or the cluster's layer alone", () => {
    assert.deepEqual(interfacesOfStack(undefined), []);
    assert.deepEqual(interfacesOfStack({ kubeconfig: "…", registry: "…" }), []);
  });
});

describe("the UIs of a cluster", () => {
  const urls = (objects: object[], node?: string) =>
    Object.fromEntries(interfacesOfCluster(objects, nobody, node).map(({ ui, url }) => [ui, url]));

  it("are those whose Services are there, to be forwarded where nothing exposes them", () => {
    assert.deepEqual(urls([service("airflow-api-server"), service("mlflow"), service("postgres")]), {
      airflow: undefined,
      mlflow: undefined,
    });
  });

  it("are at a node's port, a load balancer's address or an Ingress's host", () => {
    const rule = (host: string, name: string) => ({
      host,
      http: { paths: [{ backend: { service: { name } } }] },
    });
    const objects = [
      ...["airflow-api-server", "mlflow", "minio", "grafana", "prometheus"].map((name) => service(name)),
      service("airflow-web", { type: "NodePort", ports: [{ nodePort: 30080 }] }),
      service("mlflow-web", { type: "LoadBalancer" }, { loadBalancer: { ingress: [{ hostname: "elb.example.org" }] } }),
      service("minio-web", { type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } }),
      service("grafana-web", { type: "NodePort", ports: [{ nodePort: 31000 }] }),
      { kind: "Ingress", metadata: { name: "web" }, spec: { rules: [rule("grafana.example.org", "grafana-web")] } },
    ];
    assert.deepEqual(urls(objects, "192.168.49.2"), {
      airflow: "http://192.168.49.2:30080",
      mlflow: "http://elb.example.org",
      minio: "http://203.0.113.7",
      grafana: "https://grafana.example.org",
      prometheus: undefined,
    });
    assert.equal(urls(objects).airflow, undefined);
  });

  it("are at the host of their HTTPRoute, which are asked for where a Service alone leads nowhere", () => {
    const inside = service("mlflow-web", { type: "ClusterIP" });
    const spec = { hostnames: ["models.example.org"], rules: [{ backendRefs: [{ name: "mlflow-web", port: 80 }] }] };
    const route = { kind: "HTTPRoute", metadata: { name: "mlflow-web" }, spec };
    assert.deepEqual(urls([service("mlflow"), inside, route]), { mlflow: "https://models.example.org" });
    assert.equal(mayHaveRoutes([service("mlflow"), inside]), true);
    const rule = { host: "models.example.org", http: { paths: [{ backend: { service: { name: "mlflow-web" } } }] } };
    assert.equal(
      mayHaveRoutes([inside, { kind: "Ingress", metadata: { name: "web" }, spec: { rules: [rule] } }]),
      false,
    );
    assert.equal(mayHaveRoutes([service("mlflow"), service("mlflow-web", { type: "NodePort" })]), false);
  });

  it("have a node's outer address before its inner one", () => {
    const inner = { type: "InternalIP", address: "192.168.49.2" };
    const nodes = (...addresses: object[]) => ({ items: [{ status: { addresses } }] });
    assert.equal(addressOfNode(nodes({ type: "Hostname", address: "minikube" }, inner)), inner.address);
    assert.equal(addressOfNode(nodes(inner, { type: "ExternalIP", address: "203.0.113.9" })), "203.0.113.9");
    assert.equal(addressOfNode({}), undefined);
  });
});

describe("the browser", () => {
  it("is opened where there is a screen", () => {
    assert.equal(browserCommand("darwin", {}), "open");
    assert.equal(browserCommand("linux", { DISPLAY: ":0" }), "xdg-open");
    assert.equal(browserCommand("linux", { WAYLAND_DISPLAY: "wayland-0" }), "xdg-open");
    assert.equal(browserCommand("linux", {}), undefined);
  });
});

describe("scripts/platform/open.ts", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "open-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const list = (...items: object[]) => JSON.stringify({ items });
  const password = "secret-of-the-admin";
  const secret = { metadata: { name: "mlflow" }, data: { "admin-password": Buffer.from(password).toString("base64") } };
  const exposed = list(
    service("mlflow"),
    service("mlflow-web", { type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } }),
  );
  /** Runs it with no Pulumi CLI and a kubectl that knows these objects. */
  const run = (services: string, ...args: string[]) => {
    const kubectl = `#!/bin/sh\ncase $* in *secrets*) echo '${list(secret)}';; *) echo '${services}';; esac\n`;
    writeFileSync(join(folder, "kubectl"), kubectl, { mode: 0o755 });
    const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, PULUMI_CLI: "/nowhere" };
    const script = join(import.meta.dirname, "../../scripts/platform/open.ts");
    return spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env });
  };

  it("shows no password in a log, unless it is told to", () => {
    const hidden = run(exposed);
    assert.equal(hidden.stderr, "the Pulumi CLI is not installed: querying the cluster instead\n");
    assert.match(hidden.stdout, /^MLflow +http:\/\/203\.0\.113\.7 +admin +\(--passwords shows it\)$/m);
    assert.doesNotMatch(hidden.stdout + run(exposed, "--json").stdout, new RegExp(password));
    assert.match(run(exposed, "--passwords").stdout, new RegExp(`admin +${password}$`, "m"));
  });

  it("ends with what a newcomer can do, but for programs", () => {
    assert.match(run(exposed).stdout, /\n\nNew here\? `make first-run` shows the example pipeline .+\.\n$/);
    assert.match(run(exposed, "--stack", "eks").stdout, /`make first-run STACK=eks`/);
    assert.doesNotMatch(run(exposed, "--json").stdout, /first-run/);
  });

  it("forwards a port where a node port does not answer", () => {
    const ports = list(
      { kind: "Node", status: { addresses: [{ type: "InternalIP", address: "127.0.0.1" }] } },
      service("mlflow"),
      service("mlflow-web", { type: "NodePort", ports: [{ nodePort: 30050 }] }),
    );
    const { stdout, stderr } = run(ports);
    assert.match(stderr, /^MLflow: nothing answers at http:\/\/127\.0\.0\.1:30050\nforwarding MLflow …$/m);
    assert.doesNotMatch(stdout, /30050/);
  });

  it("writes JSON for programs", () => {
    assert.deepEqual(JSON.parse(run(exposed, "--json", "--passwords").stdout), [
      { ui: "mlflow", url: "http://203.0.113.7", user: "admin", password },
    ]);
  });

  it("says in one sentence what to do where there is no platform, or no such UI", () => {
    const { status, stderr } = run(list(), "--context", "dev");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /found no platform in namespace mlops of context dev: deploy it with `make up STACK=\w+`; for .* set CONTEXT=… and NAMESPACE=…\n$/,
    );
    assert.match(
      run(exposed, "--stack", "nope").stderr,
      /there is no stack nope: Pulumi\.nope\.yaml does not exist; set STACK to one of eks, gke, minikube\n$/,
    );
    assert.equal(
      run(exposed, "--ui", "redis").stderr,
      "scripts/platform/open.ts: found --ui redis; the UIs are airflow, mlflow, minio, prometheus, grafana\n",
    );
  });
});
