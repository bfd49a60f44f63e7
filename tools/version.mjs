/**
 * Reads the first "1.2.3"-like version out of a text such as "v3.250.0" or "go version go1.26.8 linux/amd64".
 *
 * @param {string} text
 * @returns {[number, number, number] | undefined} undefined when there is none
 */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/**
 * Negative, zero or positive, like a sort callback. A text without a version is older than everything.
 *
 * @param {string} left
 * @param {string} right
 */
export function compareVersions(left, right) {
  const a = parseVersion(left) ?? [-1, 0, 0];
  const b = parseVersion(right) ?? [-1, 0, 0];
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** True when `version` is `minimum` or newer. Pre-release tags are not looked at. */
export const atLeast = (version, minimum) => compareVersions(version, minimum) >= 0;
