import assert from "node:assert/strict";
import { assertContact, fixOf } from "../../scripts/first-run/contact.ts";

describe("first-run: the contact for Wikimedia", () => {
  const refuses = (contact: string) => {
    try {
      assertContact({ WIKIMEDIA_CONTACT: contact }, "pageviews", "minikube");
      return false;
    } catch {
      return true;
    }
  };

  it("is a real one", () => {
    for (const contact of ["ml@team.test", "https://team.test/contact", "someone@example-team.org"])
      assert.ok(!refuses(contact), contact);
    for (const contact of ["", "you@example.org", "you@mail.example.com", "you@team.example", "YOUR@ADDRESS"])
      assert.ok(refuses(contact), contact);
  });

  it("is set at the project's place in the stack's file, wherever that is", () => {
    const values = { "mlops:projects": [{ name: "news" }, { name: "old", removed: true }, { name: "pageviews" }] };
    assert.match(fixOf("pageviews", "team", values), /--stack team --path 'projects\[2\]\.config\.WIKIMEDIA_CONTACT' /);
  });

  it("is asked for in words where the file is not here", () => {
    const words =
      "set WIKIMEDIA_CONTACT under config of the project pageviews in Pulumi.team.yaml; then: make up STACK=team";
    assert.equal(fixOf("pageviews", "team", {}), words);
  });
});
