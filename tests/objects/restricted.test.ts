import assert from "node:assert/strict";
import { restrictedPodSpec } from "../../components/objects/restricted.ts";
import { at } from "../../lib/json.ts";

const container = { name: "server", image: "registry.example.org/server:1", args: ["run"] };

describe("restrictedPodSpec", () => {
  it("makes a pod that the restricted level admits, with what it is given", () => {
    const volumes = [{ name: "tmp", emptyDir: {} }];
    assert.deepEqual(restrictedPodSpec(1000, { containers: [container], volumes, terminationGracePeriodSeconds: 60 }), {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          ...container,
          imagePullPolicy: "IfNotPresent",
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
      ],
      volumes,
    });
  });

  it("mounts a token of Kubernetes and pulls an image again only where it is told to", () => {
    const containers = [{ ...container, imagePullPolicy: "Always" }];
    const pod = restrictedPodSpec(1000, { containers, automountServiceAccountToken: true });
    assert.equal(pod.automountServiceAccountToken, true);
    assert.equal(at(pod, "containers.0.imagePullPolicy"), "Always");
  });
});
