/**
 * Tags of everything that the program makes in AWS.
 *
 * @param labels the stack's own, e.g. `cost-center`
 */
export function tagsOf(labels: Record<string, string>): Record<string, string> {
  return { "managed-by": "pulumi", "part-of": "mlops", ...labels };
}
