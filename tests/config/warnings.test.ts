import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import { isUnusable } from "../../config/rules/value-rules.ts";
import { looksRandom } from "../../config/likely-secret.ts";
import { renderCase } from "../program/program-cases.ts";
import { ofAnyStack } from "./bad/bad-case.ts";

const cluster = { kind: "minikube" };
const imageRegistry = "registry.acme.com/mlops";
const gke = (own: object) => ({
  imageRegistry,
  cluster: { kind: "gke", project: "acme-ml", region: "europe-west4", ...own },
});
const eks = (own: object) => ({ imageRegistry, cluster: { kind: "eks", region: "eu-central-1", ...own } });
const project = (config: object) => ({ cluster, projects: [{ name: "forecast", config }] });

const warned: { title: string; config: Record<string, unknown>; key: string; text: RegExp; fix: RegExp }[] = [
  {
    title: "a folder of a Mac as hostPath",
    config: { cluster, airflow: { dags: { kind: "hostPath", path: "/Users/me/dags" } } },
    key: "airflow.dags.path",
    text: /pods see an empty folder/,
    fix: /minikube mount '\/Users\/me\/dags:\/Users\/me\/dags' .*--mount-string/,
  },
  {
    title: "a folder of Windows in WSL as hostPath",
    config: { cluster, airflow: { dags: { kind: "hostPath", path: "/mnt/c/Users/First Last/dags" } } },
    key: "airflow.dags.path",
    text: /pods see an empty folder/,
    fix: /minikube mount '\/mnt\/c\/Users\/First Last\/dags:/,
  },
  {
    title: "a home folder for data",
    config: { cluster: { ...cluster, dataFolder: "/home/me/data" } },
    key: "cluster.dataFolder",
    text: /minikube's node/,
    fix: /minikube mount/,
  },
  {
    title: "a contact that was left as it is",
    config: project({ CONTACT: "you@example.org" }),
    key: "projects[0].config.CONTACT",
    text: /not that of an example/,
    fix: /config set --path 'projects\[0\]\.config\.CONTACT'$/,
  },
  {
    title: "a project's id that was left as it is",
    config: gke({ project: "your-project-id" }),
    key: "cluster.project",
    text: /not that of an example/,
    fix: /'cluster\.project'$/,
  },
  {
    title: "a value that is left to fill in",
    config: project({ MODE: "CHANGE_ME" }),
    key: "projects[0].config.MODE",
    text: /a value of your own/,
    fix: /config set/,
  },
  {
    title: "the name of a secret",
    config: project({ API_TOKEN: "abc" }),
    key: "projects[0].config.API_TOKEN",
    text: /store it as secrets\.projects\.forecast\.API_TOKEN/,
    fix: /config set --secret --path 'secrets\.projects\.forecast\.API_TOKEN' && .*config rm --path 'projects\[0\]\.config\.API_TOKEN'$/,
  },
  {
    title: "a random text",
    config: project({ CLIENT: "q8Zr2LmT0vXw7KpB4sNd9YcE" }),
    key: "projects[0].config.CLIENT",
    text: /no secret in plain text/,
    fix: /--secret/,
  },
  {
    title: "a region of Google that is not known",
    config: gke({ region: "europe-west99" }),
    key: "cluster.region",
    text: /check that it exists/,
    fix: /'cluster\.region'$/,
  },
  {
    title: "a machine of a series of Google that is not known",
    config: gke({ nodes: { machineType: "e9-standard-4" } }),
    key: "cluster.nodes.machineType",
    text: /check that it exists/,
    fix: /e2-standard-4$/,
  },
  {
    title: "an instance of a family of AWS that is not known",
    config: eks({ nodes: { machineType: "mm7.xlarge" } }),
    key: "cluster.nodes.machineType",
    text: /check that it exists/,
    fix: /m7i\.xlarge$/,
  },
  {
    title: "a control plane that every address reaches",
    config: eks({ authorizedNetworks: ["198.51.100.0/24", "0.0.0.0/0"] }),
    key: "cluster.authorizedNetworks",
    text: /IAM alone decides who gets in$/,
    fix: /'cluster\.authorizedNetworks\[1\]'$/,
  },
  ...["europe-west1-docker.pkg.dev/acme-ml/mlops", "us-central1-docker.pkg.dev/other/mlops"].map((imageRegistry) => ({
    title: `the repository ${imageRegistry}, which the nodes may not read`,
    config: { ...gke({ project: "acme-ml", region: "us-central1" }), imageRegistry },
    key: "imageRegistry",
    text: /^us-central1-docker\.pkg\.dev\/acme-ml\/mlops, which the program creates/,
    fix: /us-central1-docker\.pkg\.dev\/acme-ml\/mlops$/,
  })),
  ...["444455556666.dkr.ecr.us-west-2.amazonaws.com/mlops", "444455556666.dkr.ecr.eu-central-1.amazonaws.com/ml"].map(
    (imageRegistry) => ({
      title: `the registry ${imageRegistry}, which the program does not create`,
      config: { ...eks({ region: "eu-central-1" }), imageRegistry },
      key: "imageRegistry",
      text: /<account>\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/mlops$/,
      fix: /imageRegistry.$/,
    }),
  ),
  {
    title: "a version of Kubernetes that the autoscaler is not made for",
    config: eks({ kubernetesVersion: "1.33" }),
    key: "cluster.kubernetesVersion",
    text: /^1\.34, 1\.35, 1\.36: this version of the program has the Cluster Autoscaler/,
    fix: /cluster\.kubernetesVersion.$/,
  },
];

describe("a value of an example that a deployment cannot use", () => {
  const unusable = (config: Record<string, unknown>) =>
    validate(config)
      .warnings.filter(isUnusable)
      .map(({ key }) => key);

  it("is a project, an account or a network of documentation", () => {
    assert.deepEqual(unusable(gke({ project: "your-project-id" })), ["cluster.project"]);
    assert.deepEqual(unusable(eks({ authorizedNetworks: ["198.51.100.0/24", "9.9.9.9/32"] })), [
      "cluster.authorizedNetworks[0]",
    ]);
    for (const imageRegistry of [
      "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mlops",
      "europe-west4-docker.pkg.dev/your-project-id/mlops",
    ]) {
      assert.deepEqual(unusable({ ...eks({}), imageRegistry }), ["imageRegistry"]);
    }
  });

  it("is none of a host, which a site may resolve, nor one of a project of the platform", () => {
    const config = { WIKIMEDIA_CONTACT: "you@example.org" };
    assert.deepEqual(unusable({ ...eks({}), imageRegistry: "registry.example.org/mlops" }), []);
    assert.deepEqual(unusable({ ...eks({}), projects: [{ name: "pageviews", config }] }), []);
    assert.deepEqual(unusable(eks({ authorizedNetworks: ["0.0.0.0/0"] })), []);
  });
});

describe("a configuration that is valid and most likely a mistake", () => {
  for (const { title, config, key, text, fix } of warned) {
    it(`warns of ${title}`, () => {
      const { warnings } = validate(config);
      const warning = warnings.find((one) => one.key === key);
      assert.ok(warning, JSON.stringify(warnings));
      assert.match(warning.allowed, text);
      assert.match(ofAnyStack(warning.fix), fix);
    });
  }

  it("never shows what may be a secret", () => {
    const { warnings } = validate(project({ API_TOKEN: "hunter2", CLIENT: "q8Zr2LmT0vXw7KpB4sNd9YcE" }));
    assert.doesNotMatch(JSON.stringify(warnings), /hunter2|q8Zr2/);
  });

  it("is shown by the preview, and nothing else is", async () => {
    const { warnings } = await renderCase({ title: "", stack: "minikube", config: {} });
    assert.deepEqual(
      warnings.map((text) => text.split(":")[0]),
      ["projects[1].config.WIKIMEDIA_CONTACT", "projects[2].config.WIKIMEDIA_CONTACT"],
    );
  });

  it("is not one with other machines, regions and values that exist", () => {
    const quiet = [
      gke({
        nodes: { machineType: "c4-standard-8" },
        gpuNodes: { machineType: "n1-standard-8", accelerator: "nvidia-tesla-t4" },
      }),
      eks({
        spotNodes: { machineType: "r7iz.4xlarge" },
        gpuNodes: { machineType: "g5.2xlarge", accelerator: "nvidia-a10g" },
      }),
      // Its nodes have images that were loaded by hand.
      { cluster: { kind: "existing", context: "kind-dev", imageDigests: false } },
      {
        ...gke({ project: "acme-ml", region: "us-central1" }),
        imageRegistry: "us-central1-docker.pkg.dev/acme-ml/mlops",
      },
      {
        ...eks({ region: "eu-central-1" }),
        imageRegistry: "444455556666.dkr.ecr.eu-central-1.amazonaws.com/mlops",
      },
      { cluster: { ...cluster, dataFolder: "/data" }, airflow: { dags: { kind: "hostPath", path: "/dags" } } },
      project({
        SHA: "0".repeat(40),
        URL: "https://api.acme.com/v1/forecasts",
        TOKEN_URL: "https://login.acme.com/token",
        MODEL: "gradient-boosting-v2",
      }),
    ];
    for (const config of quiet) assert.deepEqual(validate(config).warnings, []);
  });
});

describe("a value that certainly is a mistake", () => {
  const refused = (config: Record<string, unknown>) => {
    try {
      validate(config);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
    }
    return "accepted";
  };

  it("is a placeholder in angle brackets, beside other problems", () => {
    const message = refused({
      ...gke({ nodes: { minCount: 9 } }),
      namespace: "<namespace>",
      imageRegistry: "CHANGE_ME",
    });
    assert.match(message, /namespace: found "<namespace>"/);
    assert.match(message, /imageRegistry: found "CHANGE_ME"/);
    assert.match(message, /cluster\.nodes\.minCount/);
  });

  it("is a key, a token or a URL with a password in a project's ConfigMap, which is not shown", () => {
    for (const value of [
      "-----BEGIN RSA PRIVATE KEY-----\nabc",
      "AKIAABCDEFGHIJKLMNOP",
      "postgres://me:hunter2@db/x",
    ]) {
      const message = refused(project({ VALUE: value }));
      assert.match(message, /projects\[0\]\.config\.VALUE: found a (key|URL)/);
      assert.ok(!message.includes(value));
    }
  });
});

describe("looksRandom", () => {
  it("is true of keys and false of words, paths and digests", () => {
    assert.equal(looksRandom("q8Zr2LmT0vXw7KpB4sNd9YcE"), true);
    for (const text of [
      "gradient-boosting-Version-2-of-2026",
      "2026-11-30T00:00:00Z",
      "a".repeat(40),
      "/data/Projects/2026/november",
    ]) {
      assert.equal(looksRandom(text), false, text);
    }
  });
});
