import assert from "node:assert/strict";
import { knownOptions, unknownOption } from "../../components/airflow/site/options.ts";
import { ownedSettings } from "../../components/airflow/site/owned-settings.ts";
import { publicImages } from "../../components/images.ts";

describe("the names of Airflow's options", () => {
  it("are those of the version that the platform runs", () => {
    assert.equal(knownOptions.airflow, publicImages.airflow.tag);
  });

  it("have every option that the platform sets", () => {
    const unknown = Object.keys(ownedSettings).filter((name) => {
      const [section = "", option = ""] = name.split(".");
      return unknownOption(section, option) !== undefined;
    });
    // The chart writes this one, which Airflow 3 no longer reads.
    assert.deepEqual(unknown, ["scheduler.standalone_dag_processor"]);
  });

  for (const [section, option, expected] of [
    ["core", "parallelism", undefined],
    ["core", "paralelism", { option: "parallelism" }],
    ["kore", "parallelism", { section: "core" }],
    ["core", "colour_of_the_sky", {}],
    ["smtp", "smtp_host_cmd", undefined],
    ["COMMON_IO", "XCOM_OBJECTSTORAGE_PATH", undefined],
    ["celery_broker_transport_options", "visibility_timeout_of_mine", undefined],
    ["package_of_the_site", "anything", undefined],
  ] as const) {
    it(`${expected === undefined ? "have" : "do not have"} ${section}.${option}`, () => {
      assert.deepEqual(unknownOption(section, option), expected);
    });
  }
});
