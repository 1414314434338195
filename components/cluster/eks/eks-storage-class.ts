import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels } from "../../objects/labels.ts";

/**
 * The cluster's default class of volumes: encrypted gp3 disks of EBS.
 *
 * A disk is made in the zone of the pod that first uses it, and stays there.
 */
export function encryptedClass(name: string, opts: pulumi.CustomResourceOptions): k8s.storage.v1.StorageClass {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  return new k8s.storage.v1.StorageClass(
    name,
    {
      metadata: { name, labels: labels("storage"), annotations },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
    },
    opts,
  );
}
