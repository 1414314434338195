import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

interface GeneratedPasswordArgs {
  /** A higher number generates the password again. @default - it stays for as long as the resource */
  generation?: number;
  /** @default 32 */
  length?: number;
}

/** Both are secret. */
interface GeneratedPassword {
  password: pulumi.Output<string>;
  /** The state keeps it with its salt: hashing in the program would make another one at each run. */
  bcryptHash: pulumi.Output<string>;
}

/** A random password of letters and digits, which needs no quotes in a URL, a shell or a file of settings. */
export function generatedPassword(
  name: string,
  { generation, length = 32 }: GeneratedPasswordArgs,
  opts: pulumi.CustomResourceOptions,
): GeneratedPassword {
  const keepers = generation === undefined ? {} : { keepers: { generation: String(generation) } };
  const { result, bcryptHash } = new random.RandomPassword(name, { length, special: false, ...keepers }, opts);
  return { password: pulumi.secret(result), bcryptHash: pulumi.secret(bcryptHash) };
}
