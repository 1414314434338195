const gib = 1024 ** 3;
const mib = 1024 ** 2;

/** Cores and bytes. */
export interface Capacity {
  cpu: number;
  memory: number;
}

/**
 * What the machine types of the checked-in and the small stacks have.
 *
 * Sources: https://cloud.google.com/compute/docs/general-purpose-machines, https://aws.amazon.com/ec2/instance-types/
 */
const machines: Record<string, Capacity> = {
  "e2-medium": { cpu: 2, memory: 4 * gib },
  "e2-standard-2": { cpu: 2, memory: 8 * gib },
  "e2-standard-4": { cpu: 4, memory: 16 * gib },
  "m6a.large": { cpu: 2, memory: 8 * gib },
  "m7i.large": { cpu: 2, memory: 8 * gib },
  "m7i.xlarge": { cpu: 4, memory: 16 * gib },
  "t3.large": { cpu: 2, memory: 8 * gib },
};

/**
 * What a kind's system pods ask for on the first node, above any value seen in public manifests.
 *
 * GKE: DNS, its autoscaler, metrics agents, logging agent, Dataplane V2, metadata server, CSI driver, konnectivity.
 * EKS: aws-node, kube-proxy, CoreDNS twice, the EBS driver's controller twice and its node part, the autoscaler.
 */
const systemPods: Record<string, Capacity> = {
  gke: { cpu: 0.9, memory: 1.4 * gib },
  eks: { cpu: 0.75, memory: 1.2 * gib },
};

/** Part of the memory that the firmware and the kernel keep: a node of 16 GiB reports 15.4 to 15.6. */
const bootShare = 0.04;

/**
 * What the pods of users can ask for on one node.
 *
 * Sources: https://learnk8s.io/allocatable-resources, https://wcarlsen.github.io/2026-06-16-aws-eks-node-resource-reservation/
 */
export function capacityForPods(kind: string, machineType: string, podsPerNode: number): Capacity {
  const machine = machines[machineType];
  const system = systemPods[kind];
  if (machine === undefined || system === undefined) throw new Error(`no capacity is known of ${kind} ${machineType}`);
  const evictionThreshold = 100 * mib;
  const reserved = kind === "gke" ? shareOf(machine.memory) : 255 * mib + podsPerNode * 11 * mib;
  return {
    cpu: machine.cpu - reservedCpu(machine.cpu) - system.cpu,
    memory: machine.memory * (1 - bootShare) - reserved - evictionThreshold - system.memory,
  };
}

/** 6 % of the first core, 1 % of the second, 0.5 % of two more, 0.25 % of the others. */
function reservedCpu(cores: number): number {
  return (
    0.06 + 0.01 * Math.min(cores - 1, 1) + 0.005 * Math.min(Math.max(cores - 2, 0), 2) + 0.0025 * Math.max(cores - 4, 0)
  );
}

/** 25 % of the first 4 GiB, 20 % of 4 more, 10 % of 8 more, 6 % of 112 more. */
function shareOf(memory: number): number {
  const slice = (from: number, to: number) => Math.max(Math.min(memory, to * gib) - from * gib, 0);
  return 0.25 * slice(0, 4) + 0.2 * slice(4, 8) + 0.1 * slice(8, 16) + 0.06 * slice(16, 128);
}
