/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tests/tsconfig.json" }] },
  testEnvironment: "node",
  testTimeout: 240_000,
  maxWorkers: 2,
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/.sandbox", "<rootDir>/.pulumi-demo"],
};
