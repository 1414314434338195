import type { Profile, Shown } from "./story.ts";

/** What a story showed, with which plugin and when. */
export interface Proof {
  plugin: string;
  day: string;
  shown: Shown[];
}

const clouds = { gcp: "Google Cloud", aws: "AWS" };

const introduction = `# Stacks on imitated clouds

Pulumi's engine deploys this program with the clouds' real provider plugins. The plugins talk to imitations of the clouds' APIs
([tests/clouds](../tests/clouds/README.md)). \`make clouds-proof\` runs the stories and writes this page.

Each story begins with an empty account, unless the profile says otherwise. A step fails if the engine does anything else than
what is written here, if the cloud's own description of its API does not allow a request, or if a destroy leaves something behind.
A plugin of AWS with \`+terraform-provider-aws\` in its version was built by hand from that release of the provider, with the names of
the package's version. It has no region of its own for each resource, and no deletion protection of EKS clusters.
The times are of a busy machine with two cores, and say nothing about a cloud.

The package is @pulumi/gcp 9.37.0. A plugin of another version was built from source: \`9.35.0+ed6078a.without.patch.5\` is pulumi-gcp
at commit ed6078a with only those of Google's services that the program uses, and without its patch 5. With that patch, an update of
Cloud SQL sends the old values (pulumi/pulumi-gcp#3970), which this story found too; releases from 9.36.1 have the fix.
`;

/** The page with a table for each profile that has a proof. */
export function proofPage(profiles: readonly Profile[], proofs: Readonly<Record<string, Proof>>): string {
  const sections = profiles.flatMap((profile) => {
    const proof = proofs[`${profile.cloud}/${profile.name}`];
    return proof === undefined ? [] : [section(profile, proof)];
  });
  return [introduction, ...sections].join("\n");
}

function section({ cloud, name, about }: Profile, { plugin, day, shown }: Proof): string {
  const rows = shown.map(({ step, result, seconds }) => `| ${step} | ${result} | ${seconds} |`);
  const heading = `## ${clouds[cloud]}: ${name}`;
  const made = `${about} Shown on ${day} with \`pulumi-resource-${cloud}\` ${plugin}.`;
  return [heading, "", made, "", "| step | result | seconds |", "| --- | --- | --- |", ...rows, ""].join("\n");
}
