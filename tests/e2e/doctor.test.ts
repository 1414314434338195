// The doctor on a platform that exists already: TEST_KUBECONFIG and DOCTOR_NAMESPACE name it.
import { testCluster } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import { doctorSuite } from "./doctor.ts";

describe("a platform that exists already", () => {
  const namespace = process.env.DOCTOR_NAMESPACE ?? "";
  let kubeconfig = "";

  before(async function () {
    if (namespace === "") return skipWithReason(this, "DOCTOR_NAMESPACE names no platform for the doctor's tests");
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    kubeconfig = cluster.kubeconfig;
  });

  doctorSuite(() => ({ kubeconfig, namespace }));
});
