import { PolicyPack } from "@pulumi/policy";
import { policiesFor } from "./policies.ts";
import { parsed } from "../lib/resource.ts";

/** The engine hands a pack the stack's configuration as it hands it to the program. */
const config = Object.entries(parsed(process.env.PULUMI_CONFIG));

new PolicyPack("mlops-policies", {
  policies: policiesFor(Object.fromEntries(config.map(([key, value]) => [key, String(value)]))),
});
