import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { Images } from "../images.ts";

/** A part of the platform whose generated secrets are renewed together. */
export type PartName = keyof Config["rotation"];

/** What every part of the platform is given. */
export interface PartArgs {
  /** The platform's namespace. */
  namespace: pulumi.Output<string>;
  images: Images;
  /** Generation of its generated secrets; a higher number makes new ones. */
  generation: number;
}

export type Part = (name: PartName) => PartArgs;
