const factors: Record<string, number> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * A Kubernetes quantity as a number: cores for CPU, bytes for memory and storage.
 *
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 *
 * @returns undefined if the text is not a quantity
 */
export function parseQuantity(quantity: unknown): number | undefined {
  const [, digits, suffix] = /^(\d+(?:\.\d+)?)([a-zA-Z]{0,2})$/.exec(String(quantity)) ?? [];
  const factor = suffix === undefined ? undefined : factors[suffix];
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Cores with at most two decimals, e.g. `1.25`. */
export function formatCores(cores: number): string {
  return String(Math.round(cores * 100) / 100);
}

/** Bytes in MiB below one GiB, else in GiB with at most one decimal. */
export function formatBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${Math.round((mebibytes / 1024) * 10) / 10} GiB`;
}
