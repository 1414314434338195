/** How the nodes of a cluster that the program makes tell a pod what they are. */
export const nodeMarks = {
  /** Label with the name of a node's pool. */
  pool: "mlops/pool",
  /** The platform's pool. */
  platform: "platform",
  /** The pool of spot nodes. */
  spot: "spot",
  /** Taint of nodes that the cloud may reclaim. */
  spotTaint: "mlops/spot",
} as const;
