/** The first "1.2.3" or "1.2" in a text such as "v3.250.0" or "go version go1.26.8 linux/amd64", or undefined. */
export const versionIn = (text) => /\d+\.\d+(\.\d+)?/.exec(text)?.[0];

/** Negative, zero or positive, like a sort callback: numbers in the texts are compared as numbers. */
export const compareVersions = (left, right) => left.localeCompare(right, "en", { numeric: true });

/** True when the version in `text` is `minimum` or newer. Pre-release tags are not looked at. */
export function atLeast(text, minimum) {
  const version = versionIn(text);
  return version !== undefined && compareVersions(version, minimum) >= 0;
}
