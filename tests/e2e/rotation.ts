import assert from "node:assert/strict";
import type { Config } from "../../config.ts";
import { finishRotation } from "../../scripts/rotate/finish-rotation.ts";
import { kubectl } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import { attempts, credentialPod, endPod } from "./credential-pod.ts";
import { firstRotation } from "./configuration.ts";
import { secretValue } from "./secret.ts";
import { apply } from "./deploy.ts";
import type { Platform } from "./platform.ts";

const podNames = ["rotation-before", "rotation-after", "rotation-late"];
const oldSecret = "rotation-old";

/** Renews every kind of key and password of a live platform, and tries the old and the new ones. */
export function rotationTests(given: () => Pick<Platform, "kubeconfig" | "namespace" | "projects" | "apply">): void {
  describe("rotation on a live platform", function () {
    this.timeout(1_800_000);
    let platform: ReturnType<typeof given>;
    let project = "";
    let rotation: Partial<Config["rotation"]> = firstRotation;
    const target = () => ({ namespace: platform.namespace, context: undefined, kubeconfig: platform.kubeconfig });
    const run = async (...args: string[]) => (await kubectl(platform.kubeconfig, args)).stdout;
    const inProject = () => ["--namespace", project];
    const inPlatform = () => ["--namespace", platform.namespace];
    const rotate = (next: Partial<Config["rotation"]>) => {
      rotation = { ...rotation, ...next };
      return platform.apply({ rotation });
    };
    const start = (name: string, secret?: string) =>
      apply(platform.kubeconfig, [credentialPod(target(), project, name, secret)]);
    const last = async (name: string) => (await attempts(platform.kubeconfig, project, name)).at(-1);

    before(() => {
      platform = given();
      project = platform.projects[0] ?? assert.fail("the platform has no project");
    });
    after(async () => {
      await run("delete", "pod", ...podNames, ...inProject(), "--ignore-not-found", "--wait=false");
      await run("delete", "secret", oldSecret, ...inProject(), "--ignore-not-found");
    });

    describe("of the databases' and MinIO's accounts", () => {
      let before: { database: string; storage: string } | undefined;

      it("lets a pod that runs go on with the old ones", async () => {
        await copySecret();
        await start("rotation-before");
        before = (await attempts(platform.kubeconfig, project, "rotation-before"))[0];
        assert.match(String(before?.database), new RegExp(`^${project}_g\\d+$`));
        await rotate({ database: 2, minio: 2 });
        const all = await attempts(platform.kubeconfig, project, "rotation-before");
        assert.deepEqual(
          all.filter(({ database, storage }) => database !== before?.database || storage !== before.storage),
          [],
        );
      });

      it("gives a new pod the new ones", async () => {
        await start("rotation-after");
        const found = (await attempts(platform.kubeconfig, project, "rotation-after"))[0];
        const { AWS_ACCESS_KEY_ID: key } = await projectSecret();
        assert.deepEqual(found, {
          database: `${project}_g2`,
          storage: Buffer.from(key ?? "", "base64").toString(),
        });
        assert.notEqual(found.storage, before?.storage);
      });

      it("waits for the last pod with the old ones, and then refuses them", async () => {
        await endPod(platform.kubeconfig, project, "rotation-after");
        await phase("rotation-after", "Succeeded");
        let isOver = false;
        const finished = (async () => {
          await finishRotation(target(), "database");
          await finishRotation(target(), "minio");
          isOver = true;
        })();
        await new Promise((resolve) => setTimeout(resolve, 15_000));
        assert.equal(isOver, false);
        assert.deepEqual(await last("rotation-before"), before);
        await endPod(platform.kubeconfig, project, "rotation-before");
        await finished;
        await start("rotation-late", oldSecret);
        const refused = { database: "refused: password", storage: "refused: InvalidAccessKeyId" };
        assert.deepEqual((await attempts(platform.kubeconfig, project, "rotation-late"))[0], refused);
        await endPod(platform.kubeconfig, project, "rotation-late");
      });
    });

    it("of the administrators' passwords refuses the old one at once", async () => {
      const old = await secretValue(platform, "databases-admin", "password");
      assert.equal(await asSuperuser(old), "postgres");
      await rotate({ admin: 2 });
      const renewed = await secretValue(platform, "databases-admin", "password");
      assert.notEqual(renewed, old);
      assert.equal(await asSuperuser(renewed), "postgres");
      await assert.rejects(asSuperuser(old), /password authentication failed/);
      await finishRotation(target(), "admin");
    });

    it("of the Fernet key encrypts everything again and no longer reads the old key", async function () {
      const names = await run("get", "deployments", ...inPlatform(), "--output", "name");
      if (!names.includes("deployment.apps/airflow-api-server")) {
        return skipWithReason(this, "Airflow does not run in the cluster");
      }
      const airflow = (...args: string[]) =>
        run(
          "exec",
          "deployment/airflow-api-server",
          ...inPlatform(),
          "--container=api-server",
          "--",
          "airflow",
          ...args,
        );
      await airflow("connections", "add", "rotation", "--conn-type=http", "--conn-password=kept", "--conn-host=h");
      const before = await encrypted();
      try {
        await rotate({ fernet: firstRotation.fernet + 1 });
        await finishRotation(target(), "fernet");
        assert.notEqual(await encrypted(), before);
        await rotate({ fernetRetired: firstRotation.fernet });
        assert.doesNotMatch(await secretValue(platform, "airflow-keys", "fernet-key"), /,/);
        assert.match(await airflow("connections", "get", "rotation", "--output=plain"), /kept/);
      } finally {
        await airflow("connections", "delete", "rotation");
      }
    });

    /** In base64. */
    async function projectSecret(): Promise<Record<string, string>> {
      const secret = JSON.parse(await run("get", "secret", project, ...inProject(), "--output=json")) as {
        data: Record<string, string>;
      };
      return secret.data;
    }

    /** The project's credentials of now under another name. */
    async function copySecret(): Promise<void> {
      const data = await projectSecret();
      const metadata = { name: oldSecret, namespace: project };
      await apply(platform.kubeconfig, [{ apiVersion: "v1", kind: "Secret", metadata, data }]);
    }

    /** Who the server takes the superuser's password for, over TCP as every client. */
    async function asSuperuser(password: string): Promise<string> {
      const script = "read -r PGPASSWORD; export PGPASSWORD; psql -h 127.0.0.1 -U postgres -Atc 'SELECT session_user'";
      const args = ["exec", "--stdin", "postgres-0", ...inPlatform(), "--", "sh", "-c", script];
      const { stdout } = await kubectl(platform.kubeconfig, args, `${password}\n`);
      return stdout.trim();
    }

    async function encrypted(): Promise<string> {
      const query = "SELECT password FROM connection WHERE conn_id = 'rotation'";
      const psql = ["psql", "--username=postgres", "--dbname=airflow", "-Atc", query];
      return (await run("exec", "postgres-0", ...inPlatform(), "--", ...psql)).trim();
    }

    async function phase(pod: string, wanted: string): Promise<void> {
      await run("wait", `--for=jsonpath={.status.phase}=${wanted}`, `pod/${pod}`, ...inProject(), "--timeout=120s");
    }
  });
}
