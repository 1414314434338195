// Mocha adds the files of its command line to those of its configuration; here they take their place.
const namesFiles = process.argv.slice(2).some((argument) => argument.endsWith(".ts"));

module.exports = {
  require: ["tests/setup.ts"],
  reporter: "tests/reporter.ts",
  // Against hanging alone: a busy machine is no failure.
  timeout: 120_000,
  // What needs a cluster of its own is a suite of its own, and so is what needs the plugins of clouds.
  ...(namesFiles ? {} : { spec: ["tests/**/*.test.ts"], ignore: ["tests/e2e/**", "tests/clouds/**"] }),
};
