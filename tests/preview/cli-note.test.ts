import assert from "node:assert/strict";
import { cliNote } from "../../preview/cli-note.ts";

describe("the way on without a Pulumi CLI", () => {
  const fix = "fix: scripts/pulumi config set --stack team --path 'cluster.context'";
  const flat = (text: string) => text.replaceAll(/\s+/g, " ");

  it("names the command that installs one, and the file to edit", () => {
    assert.equal(
      flat(cliNote(fix, "acme/mlops/team", () => false)),
      "The fixes run the Pulumi CLI, which is not installed: run `make cli`, or edit Pulumi.team.yaml. " +
        "There, 'a.b' is the key b below mlops:a, and 'a[0]' is the first entry of its list.",
    );
    const secret = cliNote("fix: scripts/pulumi config set --secret --path 'secrets.git.token'", "team", () => false);
    assert.match(flat(secret), / Secret values need the CLI\.$/);
  });

  it("is left out where there is one, and where no fix runs it", () => {
    assert.equal(
      cliNote(fix, "team", () => true),
      "",
    );
    assert.equal(
      cliNote("edit Pulumi.team.yaml: x", "team", () => assert.fail()),
      "",
    );
  });
});
