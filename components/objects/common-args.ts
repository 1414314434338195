import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { Images } from "../images.ts";

/** Generated secrets that are renewed together. */
type RotationKey = keyof Config["rotation"];

/** Arguments that every component takes. */
export interface CommonArgs {
  /** The platform's namespace. */
  namespace: pulumi.Output<string>;
  images: Images;
  /** Generation of its generated secrets; a higher number makes new ones. */
  generation: number;
}

/** The common arguments of a component, by the generation of its secrets. */
export type CommonArgsFor = (secrets: RotationKey) => CommonArgs;

export function commonArgs(
  { rotation }: Pick<Config, "rotation">,
  shared: Pick<CommonArgs, "namespace" | "images">,
): CommonArgsFor {
  return (secrets) => ({ ...shared, generation: rotation[secrets] });
}
