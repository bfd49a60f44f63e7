/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  transform: { "^.+\\.tsx?$": ["ts-jest", { tsconfig: "<rootDir>/tests/tsconfig.json" }] },
  testEnvironment: "node",
  testTimeout: 240_000,
  // One more than the two cores of the smallest machine: an engine test waits as often as it computes.
  maxWorkers: 3,
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/.sandbox", "<rootDir>/.pulumi-demo"],
};
