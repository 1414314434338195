/**
 * The generation that a rotation deploys.
 *
 * One that is configured and not deployed belongs to a rotation that broke off: it is deployed, and not skipped, since
 * each generation knows the one before.
 */
export function nextGeneration(deployed: number, configured: number): number {
  return configured > deployed ? configured : deployed + 1;
}
