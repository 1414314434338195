import assert from "node:assert/strict";
import { urnParts } from "../../scripts/stack/urn.ts";
import { recordedState } from "./recorded-state.ts";

describe("the parts of a URN", () => {
  it("are a resource's own type and its name, whatever it stands in", () => {
    const { resources = [] } = recordedState("deployed").deployment;
    assert.deepEqual(
      resources.filter(({ urn, type }) => urnParts(urn).type !== type),
      [],
    );
    const key = resources.find(({ urn }) => urn.endsWith("::airflow-fernet-key-2"));
    assert.ok(key);
    assert.match(key.urn, /\$random:index\/randomBytes:RandomBytes::/, "the recorded URN names no parent");
    assert.equal(urnParts(key.urn).name, "airflow-fernet-key-2");
  });
});
