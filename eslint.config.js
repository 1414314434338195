import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// Typed rules: an unawaited promise or a forgotten `await` in a test is a defect that only types show.
export default defineConfig(
  { ignores: ["node_modules/", "**/.venv/", "out/", "examples/component/", "tests/program/example-kind/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers and the engine's values are printed as they are.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // A resource is made for what it does in the cluster; nothing else needs to name it.
      "no-new": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      // node:test and mocha's callbacks return promises that the runner awaits.
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [] }],
    },
  },
);
