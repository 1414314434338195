/** Letters of bcrypt's own base64. */
const alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** What the password encrypts: "OrpheanBeholderScryDoubt". */
const plaintext = [0x4f727068, 0x65616e42, 0x65686f6c, 0x64657253, 0x63727944, 0x6f756274];

/** Blowfish's state: 18 words of round keys, then four tables of 256. */
type State = Uint32Array;
const roundKeys = 18;

/**
 * The bcrypt hash of a password, as the random provider computes `bcryptHash`.
 *
 * Source: https://www.usenix.org/legacy/events/usenix99/provos/provos.pdf
 *
 * @param salt 16 bytes
 * @param cost logarithm of the number of rounds
 */
export function bcrypt(password: string, salt: Buffer, cost = 10): string {
  const state = initialState();
  const key = wordsOf(Buffer.from(`${password}\0`), roundKeys);
  const saltKey = wordsOf(salt, roundKeys);
  expand(state, key, wordsOf(salt, 4));
  const zero = new Uint32Array(4);
  for (let round = 0; round < 2 ** cost; round++) {
    expand(state, key, zero);
    expand(state, saltKey, zero);
  }
  const text = Uint32Array.from(plaintext);
  for (let pair = 0; pair < text.length; pair += 2) {
    for (let round = 0; round < 64; round++) encrypt(state, text, pair);
  }
  const bytes = Buffer.alloc(24);
  text.forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
  return `$2a$${String(cost).padStart(2, "0")}$${encode(salt)}${encode(bytes.subarray(0, 23))}`;
}

/** Bytes as words, repeated to the number that is asked for. */
function wordsOf(bytes: Buffer, count: number): Uint32Array {
  const repeated = Buffer.alloc(count * 4, bytes);
  return Uint32Array.from({ length: count }, (_, i) => repeated.readUInt32BE(i * 4));
}

function expand(state: State, key: Uint32Array, salt: Uint32Array): void {
  for (let i = 0; i < roundKeys; i++) state[i] = at(state, i) ^ at(key, i);
  const block = new Uint32Array(2);
  for (let i = 0; i < state.length; i += 2) {
    block[0] = at(block, 0) ^ at(salt, i % 4);
    block[1] = at(block, 1) ^ at(salt, (i + 1) % 4);
    encrypt(state, block, 0);
    state.set(block, i);
  }
}

/** Encrypts two words in place. */
function encrypt(state: State, words: Uint32Array, offset: number): void {
  let left = at(words, offset) ^ at(state, 0);
  let right = at(words, offset + 1);
  for (let round = 1; round <= 16; round += 2) {
    right ^= mix(state, left) ^ at(state, round);
    left ^= mix(state, right) ^ at(state, round + 1);
  }
  words[offset] = right ^ at(state, 17);
  words[offset + 1] = left;
}

function mix(state: State, word: number): number {
  const table = (n: number, shift: number) => at(state, roundKeys + 256 * n + ((word >>> shift) & 0xff));
  return ((((table(0, 24) + table(1, 16)) | 0) ^ table(2, 8)) + table(3, 0)) | 0;
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

/** Blowfish starts from the digits of pi behind the point. */
function initialState(): State {
  const count = roundKeys + 4 * 256;
  const guard = 64n;
  const one = 1n << (BigInt(count) * 32n + guard);
  const fraction = ((16n * inverseTangent(5n, one) - 4n * inverseTangent(239n, one)) % one) >> guard;
  const hex = fraction.toString(16).padStart(count * 8, "0");
  return Uint32Array.from({ length: count }, (_, i) => Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16));
}

/** arctan(1/n) as a multiple of 1/one; Machin's formula makes pi of two of them. */
function inverseTangent(n: bigint, one: bigint): bigint {
  let power = one / n;
  let sum = power;
  for (let divisor = 3n; power !== 0n; divisor += 2n) {
    power = -power / (n * n);
    sum += power / divisor;
  }
  return sum;
}

function encode(bytes: Buffer): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = bytes.subarray(i, i + 3);
    const bits = group.reduce((value, byte, j) => value | (byte << (16 - 8 * j)), 0);
    const letters = [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 0x3f]);
    text += letters.slice(0, group.length + 1).join("");
  }
  return text;
}
