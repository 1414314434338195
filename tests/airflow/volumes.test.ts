import assert from "node:assert/strict";
import { dagsClaimName } from "../../components/airflow/volumes.ts";
import type { Recording } from "../../lib/recording.ts";
import { registration } from "../program/registrations.ts";
import { deploy } from "./cases.ts";
import { at } from "../../lib/json.ts";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

function claimNames({ resources }: Recording): unknown[] {
  return resources.flatMap(({ type, inputs }) => (type === claimType ? [at(inputs, "metadata.name")] : []));
}

describe("AirflowVolumes", () => {
  it("asks for no volume when DAGs are in the image and logs in an object store", async () => {
    assert.deepEqual(claimNames(await deploy()), []);
  });

  it("shares one volume of logs among all pods", async () => {
    const recording = await deploy({ logs: "volume" });
    assert.deepEqual(claimNames(recording), ["airflow-logs"]);
    assert.deepEqual(registration(recording.resources, claimType, "airflow-logs").inputs.spec, {
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: "10Gi" } },
      storageClassName: "standard",
    });
  });

  it("owns Redis's claim, which the chart would leave behind", async () => {
    const recording = await deploy({ airflow: { executor: "CeleryExecutor" } });
    assert.deepEqual(claimNames(recording), ["airflow-redis"]);
    const { spec } = registration(recording.resources, claimType, "airflow-redis").inputs;
    assert.deepEqual(at(spec, "accessModes"), ["ReadWriteOnce"]);
  });

  it("mounts a node's folder for reading only", async () => {
    const recording = await deploy({ airflow: { dags: { kind: "hostPath", path: "/srv/dags" } } });
    assert.deepEqual(claimNames(recording), [dagsClaimName("/srv/dags")]);
    const volume = registration(recording.resources, "kubernetes:core/v1:PersistentVolume", "airflow-dags").inputs;
    assert.deepEqual(at(volume, "spec.accessModes"), ["ReadOnlyMany"]);
    assert.equal(at(volume, "spec.hostPath.path"), "/srv/dags");
    const chart = registration(recording.resources, "kubernetes:helm.sh/v4:Chart", "airflow").inputs;
    assert.equal(at(chart, "values.volumes.2.persistentVolumeClaim.claimName"), dagsClaimName("/srv/dags"));
  });

  it("names a folder's claim after its path, so that another path is another claim", () => {
    assert.match(dagsClaimName("/srv/dags"), /^airflow-dags-[0-9a-f]{8}$/);
    assert.notEqual(dagsClaimName("/srv/dags"), dagsClaimName("/srv/other"));
  });
});
