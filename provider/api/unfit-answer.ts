/** An answer of the API that is not what the contract promises. Its text holds nothing of the answer. */
export class UnfitAnswer extends Error {}
