/* Counts a vote again from its published file, and shows the first thing that is wrong, if anything is.
   Everything happens on this device. Shares no line with the portal that made the file. The format: open-count/1. */
"use strict";

(() => {
// ---------- hashes, written out so that the page also works without HTTPS and from a disk

const ENCODER = new TextEncoder();
const [ROUNDS, STARTS] = constants();
const K256 = Int32Array.from(ROUNDS.slice(0, 64), (k) => Number(k >> 32n) | 0);
const H256 = Int32Array.from(STARTS, (h) => Number(h >> 32n) | 0);
const W = new Int32Array(64), S = new Int32Array(8), TAIL = new Uint8Array(128);
let scratch = new Uint8Array(1024);

/** The constants of SHA-512; those of SHA-256 are their first halves: fractions of roots of the first primes. */
function constants() {
  const primes = [];
  for (let n = 2n; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
  const root = (value, power) => {
    let low = 0n, high = 1n << 80n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= value) low = middle; else high = middle;
    }
    return BigInt.asUintN(64, low);
  };
  return [primes.map((p) => root(p << 192n, 3n)), primes.slice(0, 8).map((p) => root(p << 128n, 2n))];
}

/** SHA-256 of the first `size` bytes, written into `out` at `at`. */
function sha256(bytes, size, out = new Uint8Array(32), at = 0) {
  S.set(H256);
  let start = 0;
  for (; start + 64 <= size; start += 64) compress(bytes, start);
  const rest = size - start, end = rest < 56 ? 64 : 128;
  TAIL.fill(0);
  for (let i = 0; i < rest; i++) TAIL[i] = bytes[start + i];
  TAIL[rest] = 128;
  for (let i = 1, bits = size * 8; bits; i++, bits = Math.floor(bits / 256)) TAIL[end - i] = bits;
  compress(TAIL, 0);
  if (end === 128) compress(TAIL, 64);
  for (let i = 0; i < 8; i++) {
    out[at++] = S[i] >>> 24; out[at++] = S[i] >>> 16; out[at++] = S[i] >>> 8; out[at++] = S[i];
  }
  return out;
}

function compress(bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) W[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
      + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let a = S[0], b = S[1], c = S[2], d = S[3], e = S[4], f = S[5], g = S[6], h = S[7];
  for (let i = 0; i < 64; i++) {
    const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K256[i] + W[i] | 0;
    const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
  }
  S[0] += a; S[1] += b; S[2] += c; S[3] += d; S[4] += e; S[5] += f; S[6] += g; S[7] += h;
}

function sha512(bytes) {
  const size = bytes.length, padded = new Uint8Array(Math.ceil((size + 17) / 128) * 128);
  padded.set(bytes);
  padded[size] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, size * 8);
  const cut = (x) => BigInt.asUintN(64, x), turn = (x, n) => cut(x >> n | x << (64n - n));
  const state = [...STARTS], w = [];
  for (let block = 0; block < padded.length; block += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(block + 8 * i);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = cut(w[i - 16] + w[i - 7] + (turn(x, 1n) ^ turn(x, 8n) ^ x >> 7n) + (turn(y, 19n) ^ turn(y, 61n) ^ y >> 6n));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + (e & f ^ cut(~e) & g) + ROUNDS[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + (a & b ^ a & c ^ b & c);
      [h, g, f, e, d, c, b, a] = [g, f, e, cut(d + one), c, b, a, cut(one + two)];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] = cut(state[i] + x); });
  }
  const out = new Uint8Array(64), words = new DataView(out.buffer);
  state.forEach((x, i) => words.setBigUint64(8 * i, x));
  return out;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex = (bytes, at = 0) => { let text = ""; for (let i = at; i < at + 32; i++) text += HEX[bytes[i]]; return text; };
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const sha = (...lines) => { const size = written(lines.join("\n"), 0); return hex(sha256(scratch, size)); };

/** Writes a text into the scratch bytes; how many bytes are used then. */
function written(text, from) {
  if (scratch.length < from + 3 * text.length) scratch = new Uint8Array(2 * (from + 3 * text.length));
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return from + ENCODER.encodeInto(text, scratch.subarray(from)).written;
    scratch[from + i] = unit;
  }
  return from + text.length;
}

// ---------- the tree of RFC 6962

async function tree(texts, pause) {
  let below = new Uint8Array(32 * texts.length), count = texts.length;
  for (let i = 0; i < count; i++) {
    const size = written(texts[i], 1);
    scratch[0] = 0;
    sha256(scratch, size, below, 32 * i);
    if (i % 2000 === 0) await pause();
  }
  const levels = [below], pair = new Uint8Array(65);
  pair[0] = 1;
  for (; count > 1; count >>= 1) {
    const level = new Uint8Array(32 * (count >> 1));
    for (let i = 0; i < count >> 1; i++) {
      pair.set(below.subarray(64 * i, 64 * i + 64), 1);
      sha256(pair, 65, level, 32 * i);
      if (i % 2000 === 0) await pause();
    }
    levels.push(below = level);
  }
  return levels;
}

/** The root over the first `size` leaves. */
function root(levels, size) {
  const pair = new Uint8Array(65);
  pair[0] = 1;
  let node = null, end = size;
  levels.forEach((level, height) => {
    if (!(Math.floor(size / 2 ** height) % 2)) return;
    end -= 2 ** height;
    const at = 32 * (end / 2 ** height), left = level.subarray(at, at + 32);
    if (!node) { node = left; return; }
    pair.set(left, 1);
    pair.set(node, 33);
    node = sha256(pair, 65);
  });
  return hex(node || sha256(new Uint8Array(0), 0));
}

// ---------- signatures by RFC 8032 (Ed25519)

const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (x) => { const rest = x % P; return rest < 0n ? rest + P : rest; };
const D = mod(-121665n * power(121666n, P - 2n));
const ZERO = [0n, 1n, 1n, 0n];
const BASES = multiples(decoded(bytesOf(mod(4n * power(5n, P - 2n)))));

function power(x, n) {
  let found = 1n;
  for (let square = x; n; n >>= 1n, square = square * square % P) if (n & 1n) found = found * square % P;
  return found;
}
function added(p, q) {
  const a = (p[1] - p[0]) * (q[1] - q[0]), b = (p[1] + p[0]) * (q[1] + q[0]);
  const c = mod(2n * D * p[3]) * q[3], d = 2n * p[2] * q[2];
  const e = mod(b - a), f = mod(d - c), g = mod(d + c), h = mod(b + a);
  return [e * f % P, g * h % P, f * g % P, e * h % P];
}
function doubled(p) {
  const a = p[0] * p[0], b = p[1] * p[1], h = mod(a + b), g = mod(a - b);
  const e = mod(a + b - (p[0] + p[1]) ** 2n), f = mod(2n * p[2] * p[2] + a - b);
  return [e * f % P, g * h % P, f * g % P, e * h % P];
}
function multiples(point) {
  const found = [ZERO];
  while (found.length < 16) found.push(added(found[found.length - 1], point));
  return found;
}
function bytesOf(number) { return Uint8Array.from({ length: 32 }, (_, i) => Number(number >> BigInt(8 * i) & 255n)); }
function numberOf(bytes) { return bytes.reduceRight((number, byte) => number << 8n | BigInt(byte), 0n); }
function encoded(point) {
  const inverse = power(point[2], P - 2n), x = point[0] * inverse % P;
  return bytesOf(point[1] * inverse % P | (x & 1n) << 255n);
}
function decoded(bytes) {
  const number = numberOf(bytes), sign = number >> 255n, y = number & (1n << 255n) - 1n;
  if (y >= P) return null;
  const square = mod(mod(y * y - 1n) * power(mod(D * y * y + 1n), P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (x * x % P !== square) x = x * power(2n, (P - 1n) / 4n) % P;
  if (x * x % P !== square || (!x && sign)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, x * y % P];
}

/** A function that says whether a signature (hex) is that of a text by this key. */
function signedBy(key) {
  const bytes = unhex(key), point = decoded(bytes);
  const table = point && multiples([P - point[0], point[1], 1n, P - point[3]]);
  return (text, signature) => {
    const start = unhex(signature.slice(0, 64)), rest = numberOf(unhex(signature.slice(64)));
    if (!table || rest >= L) return false;
    const said = ENCODER.encode(text), all = new Uint8Array(64 + said.length);
    all.set(start); all.set(bytes, 32); all.set(said, 64);
    const times = numberOf(sha512(all)) % L;
    let sum = ZERO;
    for (let shift = 252n; shift >= 0n; shift -= 4n) {
      for (let i = 0; i < 4; i++) sum = doubled(sum);
      sum = added(added(sum, BASES[Number(rest >> shift & 15n)]), table[Number(times >> shift & 15n)]);
    }
    return encoded(sum).every((byte, i) => byte === start[i]);
  };
}

// ---------- the checks, in their order

class Malformed extends Error {}
class Wrong extends Error {
  constructor(check, key, ...values) { super(key); Object.assign(this, { check, key, values }); }
}

const HEX32 = /^[0-9a-f]{32}$/, HEX64 = /^[0-9a-f]{64}$/, HEX128 = /^[0-9a-f]{128}$/, CODE = /^[0-9]{16}$/;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/, SHARE = /^(>=?)?[0-9]{1,9}\/[0-9]{1,9}$/;
const RECORD = /^\{"kind":"record","commitment":"([0-9a-f]{64})"\}$/;
const SUPERSEDED = /^\{"kind":"superseded","leaf":(0|[1-9][0-9]{0,14})\}$/;
const CHOSEN = /^([1-9][0-9]{0,14}(,[1-9][0-9]{0,14})*)?$/;
const MARK = /^([1-9][0-9]{0,14}):(0|[1-9][0-9]{0,14})$/;
const SHARED = /^([1-9][0-9]{0,14}:[1-9][0-9]{0,14}(,[1-9][0-9]{0,14}:[1-9][0-9]{0,14})*)?$/;
const MANIFEST = ("kind format round region question options budget ballot method beside conflicts seed_hash basis body "
  + "quorum majority opens_at closes_at eligible roll_root publish fewest key").split(" ");
const KINDS = ["approval", "choose-k", "choose-1", "knapsack", "cumulative", "ordinal"];
const RULES = ["greedy", "greedy-threshold", "greedy-no-skip", "greedy-exclusive", "greedy-custom", "equalshares"];

const whole = (value, most = Number.MAX_SAFE_INTEGER) => Number.isInteger(value) && value >= 0 && value <= most;
const text = (value) => typeof value === "string";
const like = (pattern, value) => text(value) && pattern.test(value);
const object = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const named = (value, names) => object(value) && Object.keys(value).join() === names.join();
const parts = (value, names) => object(value) && Object.keys(value).sort().join() === names.sort().join();
const has = (value, key) => Object.prototype.hasOwnProperty.call(value, key);
const words = (value) => Array.isArray(value) && value.every(text);
const list = (value, good) => Array.isArray(value) && value.every(good);
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
const listed = (keys) => keys.join(", ") || "–";
const need = (holds, part) => { if (!holds) throw new Malformed(part); };

/** Checks the published file; gives what was counted, or throws Malformed or Wrong. `say(key, ...values)` for each check that holds. */
/** What throws beside `counted` is wrong with a head, a receipt or a code only. */
async function check(given, { heads = [], receipts = [], code = "", say = () => {}, pause = pauses() } = {}) {
  const bundle = readBundle(given);
  heads = heads.map(readHead);
  receipts = receipts.map(readReceipt);
  code = code.replace(/[\s-]/g, "");
  need(!code || CODE.test(code), "code");
  const { leaves } = bundle, log = checkLeaves(leaves);
  const { manifest, closed } = log;
  log.signed = signedBy(manifest.key);
  say("leaves", leaves.length);
  log.levels = await tree(leaves, pause);
  await checkHeads(bundle.heads, log, pause);
  say("heads", bundle.heads.length);
  const live = checkSuperseded(log);
  say("live", live.length, log.superseded.size);
  if (sha(closed.seed) !== manifest.seed_hash) throw new Wrong("seed", "seedWrong");
  say("seed");
  await checkRoll(bundle.roll, manifest, closed, pause);
  say("roll", manifest.eligible, closed.voted);
  let ballots = null, counts;
  if (closed.publish === "aggregate") {
    checkWithheld(manifest, closed);
    counts = checkSums(bundle, manifest, closed, live.length);
    say("withheld");
  } else {
    ballots = await checkRecords(bundle, manifest, closed, live, pause);
    counts = checkCounts(bundle, manifest, closed, ballots);
    say("ballots");
  }
  await checkResult(bundle, manifest, closed, ballots, counts, say, pause);
  const counted = { counts, winners: bundle.result.winners, form: closed.publish, manifest };
  try {
    for (const head of heads) checkEarlier(head, log, leaves.length, say);
    for (const receipt of receipts) checkReceipt(receipt, bundle, log, say);
    if (code) showCode(code, bundle, manifest, closed, say);
  } catch (error) { throw Object.assign(error, { counted }); }
  return counted;
}

/** Lets the page breathe when 30 ms have passed. */
function pauses() {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 30) return;
    await new Promise((go) => setTimeout(go));
    last = performance.now();
  };
}

function readBundle(given) {
  let bundle;
  try { bundle = JSON.parse(given); } catch { throw new Malformed("JSON"); }
  need(object(bundle) && bundle.format === "open-count/1", "format");
  const names = ["format", "leaves", "heads", "roll", "counts", "result"];
  need(parts(bundle, "records" in bundle ? [...names, "records"] : names), "format");
  need(words(bundle.leaves) && bundle.leaves.length >= 2 && bundle.leaves.every(isText), "leaves");
  need(list(bundle.heads, isHead), "heads");
  need(list(bundle.roll, (row) => Array.isArray(row) && row.length === 2 && like(HEX64, row[0]) && whole(row[1], 1)), "roll");
  need(list(bundle.records || [], isRecord), "records");
  need(object(bundle.counts) && Object.values(bundle.counts).every((count) => whole(count)), "counts");
  const { result } = bundle;
  need(parts(result, ["winners", "total", "ties"]) && whole(result.total) && words(result.winners), "result");
  need(list(result.ties, words), "result");
  return bundle;
}

const isText = (value) => !/\p{Surrogate}/u.test(value);
const isHead = (head) => parts(head, ["size", "root", "at", "signature"]) && whole(head.size) && like(HEX64, head.root)
  && like(TIME, head.at) && like(HEX128, head.signature);
const isRecord = (row) => Array.isArray(row) && row.length === 3 && (like(CODE, row[0]) || like(HEX64, row[0]))
  && like(/^[0-9:,]*$/, row[1]) && like(HEX64, row[2]);

function checkLeaves(leaves) {
  const manifest = readLeaf(leaves[0]), closed = readLeaf(leaves[leaves.length - 1]);
  if (!manifest || !isManifest(manifest)) throw new Wrong("manifest", "manifestWrong");
  if (!closed || !isClosing(closed, manifest)) throw new Wrong("leaves", "closingWrong");
  const records = new Map(), superseded = new Map();
  for (let index = 1; index < leaves.length - 1; index++) {
    let found = RECORD.exec(leaves[index]);
    if (found) { records.set(index, found[1]); continue; }
    found = SUPERSEDED.exec(leaves[index]);
    if (!found) throw new Wrong("leaves", "leafWrong", index);
    superseded.set(index, Number(found[1]));
  }
  return { manifest, closed, records, superseded };
}

/** The object that a leaf says, or null where it is not written as short as JSON can be. */
function readLeaf(leaf) {
  try {
    const value = JSON.parse(leaf);
    return object(value) && JSON.stringify(value) === leaf && !/\\ud[89a-f]/.test(leaf) ? value : null;
  } catch { return null; }
}

function isManifest(value) {
  if (!named(value, MANIFEST) || value.kind !== "manifest" || value.format !== "open-count/1") return false;
  const { ballot, options, conflicts } = value;
  if (!Array.isArray(options) || !options.length || !options.every(isOption)) return false;
  if (!named(ballot, ["kind", "most"]) || !KINDS.includes(ballot.kind)) return false;
  const keys = new Set(keysOf(value)), set = (one) => new Set(one).size;
  return like(HEX32, value.round) && [value.region, value.basis, value.body].every(text) && isSaid(value.question)
    && whole(value.budget)
    && (ballot.most === null ? !["choose-k", "cumulative"].includes(ballot.kind) : whole(ballot.most) && ballot.most > 0)
    && isMethod(value.method) && (value.beside === null || isMethod(value.beside))
    && list(conflicts, (one) => words(one) && one.length === set(one) && one.length > 1 && one.every((key) => keys.has(key)))
    && !(conflicts.length && value.method.rule === "equalshares")
    && [value.seed_hash, value.roll_root, value.key].every((one) => like(HEX64, one))
    && [value.quorum, value.majority].every((one) => one === null || like(SHARE, one))
    && like(TIME, value.opens_at) && like(TIME, value.closes_at) && value.opens_at < value.closes_at
    && whole(value.eligible) && ["ballots", "marks", "aggregate"].includes(value.publish)
    && !(value.publish === "marks" && needsWholeBallots(value)) && whole(value.fewest);
}

const needsWholeBallots = ({ ballot, method }) => ballot.kind === "ordinal" || method.rule === "equalshares";

const isOption = (option, place) => named(option, ["key", "title", "cost"]) && option.key === String(place + 1)
  && isSaid(option.title) && whole(option.cost);
const isSaid = (value) => object(value) && Object.keys(value).length > 0
  && Object.entries(value).every(([tag, said]) => /^[A-Za-z-]+$/.test(tag) && text(said));
const isMethod = (value) => named(value, ["rule", "threshold", "completion", "stop_exhaustive", "comparison", "increment"])
  && RULES.includes(value.rule) && whole(value.threshold) && ["none", "add1", "add1u"].includes(value.completion)
  && typeof value.stop_exhaustive === "boolean" && typeof value.comparison === "boolean"
  && whole(value.increment) && value.increment > 0;
const isClosing = (value, manifest) => named(value, ["kind", "ballots", "voted", "seed", "publish"]) && value.kind === "closed"
  && whole(value.ballots) && whole(value.voted) && like(HEX64, value.seed)
  && [manifest.publish, "aggregate"].includes(value.publish);
const keysOf = (manifest) => manifest.options.map((option) => option.key);

async function checkHeads(heads, { manifest, signed, levels }, pause) {
  const leaves = levels[0].length / 32;
  let size = 0, at = "";
  for (const [place, head] of heads.entries()) {
    const after = head.size > size || (head.size === size && head.at > at);
    if (!after || head.at < at || head.size < 1 || head.size > leaves) throw new Wrong("heads", "headOrder", place + 1);
    if (root(levels, head.size) !== head.root) throw new Wrong("heads", "headRoot", place + 1);
    if (!signed(headText(manifest, head), head.signature)) throw new Wrong("heads", "headSignature", place + 1);
    ({ size, at } = head);
    await pause();
  }
  if (size !== leaves) throw new Wrong("heads", "headMissing");
  if (at < manifest.closes_at) throw new Wrong("heads", "headEarly");
}

const headText = (manifest, head) => ["open-count-head", manifest.round, head.size, head.root, head.at].join("\n");

function checkSuperseded({ records, superseded }) {
  const gone = new Set();
  for (const [index, target] of superseded) {
    if (target >= index || !records.has(target) || gone.has(target)) throw new Wrong("superseded", "supersededWrong", index);
    gone.add(target);
  }
  return [...records].filter(([index]) => !gone.has(index)).map(([, commitment]) => commitment).sort();
}

async function checkRoll(roll, manifest, closed, pause) {
  if (roll.some((row, at) => at && row[0] <= roll[at - 1][0])) throw new Wrong("roll", "rollOrder");
  if (roll.length !== manifest.eligible) throw new Wrong("roll", "rollLength");
  if (root(await tree(roll.map((row) => row[0]), pause), roll.length) !== manifest.roll_root) throw new Wrong("roll", "rollRoot");
  const voted = sum(roll.map((row) => row[1]));
  if (voted !== closed.voted || voted !== closed.ballots) throw new Wrong("voted", "votedWrong", voted, closed.voted, closed.ballots);
}

/** How many ballots (or marks) choose what: Map of choices text to number. */
async function checkRecords({ records }, manifest, closed, live, pause) {
  if (!records) throw new Wrong("records", "recordsMissing");
  const form = closed.publish, tag = form === "ballots" ? CODE : HEX64, ballots = new Map();
  if (!records.every((record) => tag.test(record[0]))) throw new Wrong("records", "recordTag");
  records.forEach((record, at) => {
    if (at && record[0] <= records[at - 1][0]) throw new Wrong("records", "recordOrder", record[0]);
    ballots.set(record[1], (ballots.get(record[1]) || 0) + 1);
  });
  for (const choices of [...ballots.keys()].sort()) if (!isValid(choices, manifest, form)) throw new Wrong("records", "recordInvalid", choices);
  const begin = `open-count-record\n${manifest.round}\n`, out = new Uint8Array(32), made = [];
  for (const [tag, choices, nonce] of records) {
    const size = written(`${begin}${tag}\n${choices}\n${nonce}`, 0);
    made.push(hex(sha256(scratch, size, out)));
    if (made.length % 2000 === 0) await pause();
  }
  made.sort();
  if (made.length !== live.length || made.some((one, at) => one !== live[at])) {
    const known = new Set(live), shown = new Set(made);
    throw new Wrong("commitments", "commitmentsWrong", live.filter((one) => !shown.has(one)).length,
      made.filter((one) => !known.has(one)).length);
  }
  if (form === "ballots") checkNumber(records.length, closed);
  else {
    const given = new Map();
    for (const [mark, times] of ballots) { const [key] = mark.split(":"); given.set(key, (given.get(key) || 0) + times); }
    for (const key of keysOf(manifest)) checkNumber(given.get(key) || 0, closed);
  }
  return ballots;
}

function checkNumber(number, closed) {
  if (number !== closed.ballots) throw new Wrong("ballots", "ballotsWrong", number, closed.ballots);
}

/** Sums alone are allowed as the manifest says; whether a pattern is unique, only the site can see. */
function checkWithheld(manifest, closed) {
  const early = manifest.publish === "aggregate" || needsWholeBallots(manifest);
  if (!early && closed.ballots >= manifest.fewest) throw new Wrong("withheld", "withheldWrong", closed.ballots);
}

/** Whether one ballot (or, mark by mark, what it gives one option) may look so. */
function isValid(choices, manifest, form) {
  const { kind, most } = manifest.ballot;
  if (form === "marks") {
    const mark = MARK.exec(choices);
    if (!mark || Number(mark[1]) > manifest.options.length) return false;
    if (kind === "knapsack" && mark[2] !== "0" && manifest.options[mark[1] - 1].cost > manifest.budget) return false;
    return Number(mark[2]) <= (kind === "cumulative" ? most : 1);
  }
  if (!(kind === "cumulative" ? SHARED : CHOSEN).test(choices)) return false;
  const given = shares(choices, kind), keys = given.map(([key]) => Number(key)), count = keys.length;
  if (new Set(keys).size < count || keys.some((key) => key > manifest.options.length)) return false;
  if (kind !== "ordinal" && keys.some((key, at) => at && key < keys[at - 1])) return false;
  if (kind === "cumulative") return sum(given.map(([, points]) => points)) <= most;
  if (kind === "knapsack") return sum(keys.map((key) => manifest.options[key - 1].cost)) <= manifest.budget;
  return count <= (kind === "choose-1" ? 1 : kind === "approval" || most === null ? count : most);
}

/** What a choices text gives to whom: [[key, points]]; a ranking of n gives n to its first, 1 to its last. */
function shares(choices, kind) {
  const chosen = choices ? choices.split(",") : [];
  return chosen.map((part, place) => {
    if (part.includes(":")) { const [key, points] = part.split(":"); return [key, Number(points)]; }
    return [part, kind === "ordinal" ? chosen.length - place : 1];
  });
}

function checkCounts(bundle, manifest, closed, ballots) {
  const counts = Object.fromEntries(keysOf(manifest).map((key) => [key, 0]));
  for (const [choices, times] of ballots) {
    for (const [key, points] of shares(choices, manifest.ballot.kind)) counts[key] += points * times;
  }
  if (closed.publish === "marks" && exceeds(counts, manifest, closed.ballots)) throw new Wrong("ballots", "marksMany");
  for (const key of new Set([...Object.keys(counts), ...Object.keys(bundle.counts)])) {
    const one = has(counts, key) ? counts[key] : "–", other = has(bundle.counts, key) ? bundle.counts[key] : "–";
    if (one !== other) throw new Wrong("counts", "countWrong", key, one, other);
  }
  return counts;
}

/** Whether marks, published singly, are more than `ballots` ballots may hold. */
function exceeds(counts, manifest, ballots) {
  const { kind, most } = manifest.ballot;
  if (kind === "knapsack") {
    return sum(manifest.options.map((option) => option.cost * counts[option.key])) > manifest.budget * ballots;
  }
  const limit = { "choose-1": 1, "choose-k": most, cumulative: most }[kind];
  return limit !== undefined && sum(Object.values(counts)) > limit * ballots;
}

/** The published votes or points, where nothing else is published; as far as they can be checked. */
function checkSums(bundle, manifest, closed, live) {
  if ("records" in bundle) throw new Wrong("records", "recordsForeign");
  const { counts } = bundle, { ballots } = closed, { kind, most } = manifest.ballot, marks = sum(Object.values(counts));
  if (live !== ballots * (manifest.publish === "marks" ? manifest.options.length : 1)) throw new Wrong("ballots", "sumsLog");
  if (Object.keys(counts).sort().join() !== keysOf(manifest).sort().join()) throw new Wrong("counts", "countKeys");
  const options = manifest.options.length, longest = Math.min(most || options, options);
  const each = { cumulative: most, ordinal: longest }[kind] || 1;
  const all = { "choose-1": 1, "choose-k": most, cumulative: most, ordinal: longest * (longest + 1) / 2 }[kind] || options;
  if (marks > all * ballots || Object.values(counts).some((count) => count > each * ballots)) throw new Wrong("counts", "sumsMany");
  return counts;
}

async function checkResult({ result }, manifest, closed, ballots, counts, say, pause) {
  const { winners, total, ties } = result, { method } = manifest, equal = method.rule === "equalshares";
  const costs = Object.fromEntries(manifest.options.map((option) => [option.key, option.cost]));
  if (new Set(winners).size < winners.length || !winners.every((key) => has(costs, key))) throw new Wrong("result", "winnersForeign");
  const lots = lotPlaces(manifest, closed.seed);
  if (!ballots && equal) {
    if (sum(winners.map((key) => costs[key])) > manifest.budget) throw new Wrong("result", "overspent");
    say("winnersWithheld");
  } else {
    const found = await count(manifest, counts, ballots, lots, pause);
    if (found.winners.join() !== winners.join()) throw new Wrong("result", "winnersWrong", listed(found.winners), listed(winners));
    if (JSON.stringify(found.ties) !== JSON.stringify(ties)) throw new Wrong("result", "tiesWrong");
    say("winners", listed(winners));
  }
  for (const tie of ties) {
    const fits = tie.length > 1 && tie.every((key, at) => has(costs, key) && counts[key] === counts[tie[0]]
      && (!at || lots[key] > lots[tie[at - 1]]));
    if (!fits) throw new Wrong("result", "tieWrong", listed(tie));
  }
  if (sum(winners.map((key) => costs[key])) !== total) throw new Wrong("result", "totalWrong");
}

/** The place of each option among the lots. */
function lotPlaces(manifest, seed) {
  const lots = keysOf(manifest).map((key) => [sha("open-count-lot", seed, key), key]).sort();
  return Object.fromEntries(lots.map(([, key], place) => [key, place]));
}

// ---------- what a voter or a witness brings along

function readHead(given) {
  let head, round = null;
  try { head = JSON.parse(given); } catch {
    const lines = given.split(/\s+/).filter(Boolean);
    need(lines.length === 6 && lines[0] === "open-count-head" && /^[0-9]{1,15}$/.test(lines[2]), "head");
    round = lines[1];
    head = { size: Number(lines[2]), root: lines[3], at: lines[4], signature: lines[5] };
  }
  need(isHead(head), "head");
  return { round, head };
}

function checkEarlier({ round, head }, { manifest, signed, levels }, leaves, say) {
  if (round !== null && round !== manifest.round) throw new Wrong("earlier", "earlierForeign");
  if (!signed(headText(manifest, head), head.signature)) throw new Wrong("earlier", "earlierSignature");
  if (head.size < 1 || head.size > leaves || root(levels, head.size) !== head.root) throw new Wrong("earlier", "earlierWrong", head.at, head.size);
  say("earlier", head.at, head.size);
}

function readReceipt(given) {
  let lines = given.split(/[\r\n]+/).map((line) => line.replace(/\s/g, "")).filter(Boolean);
  lines = lines.slice(Math.max(0, lines.indexOf("open-count-receipt")));
  need(lines.length >= 5 && lines[0] === "open-count-receipt" && HEX32.test(lines[1]) && CODE.test(lines[2]), "receipt");
  const commitments = lines.slice(3, -1), signature = lines[lines.length - 1];
  need(HEX128.test(signature) && commitments.every((one) => HEX64.test(one)), "receipt");
  return { round: lines[1], code: lines[2], commitments, signature };
}

function checkReceipt({ round, code, commitments, signature }, bundle, { manifest, signed, records, superseded }, say) {
  if (round !== manifest.round) throw new Wrong("receipt", "receiptForeign");
  if (!signed(["open-count-receipt", round, code, ...commitments].join("\n"), signature)) throw new Wrong("receipt", "receiptSignature");
  const gone = new Set(superseded.values()), known = new Set(records.values());
  const live = new Set([...records].filter(([index]) => !gone.has(index)).map(([, one]) => one));
  if (commitments.every((one) => live.has(one))) {
    const shown = "records" in bundle && recordsBeside(code, bundle, manifest).map((record) => sha("open-count-record", round, ...record));
    if (shown && shown.sort().join() !== [...commitments].sort().join()) throw new Wrong("receipt", "receiptOther");
    say("receipt");
  } else if (commitments.every((one) => known.has(one))) say("receiptGone");
  else throw new Wrong("receipt", "receiptMissing");
}

function recordsBeside(code, bundle, manifest) {
  const tags = new Set(manifest.publish === "marks" ? keysOf(manifest).map((key) => sha("open-count-tag", manifest.round, code, key)) : [code]);
  return bundle.records.filter((record) => tags.has(record[0]));
}

function showCode(code, bundle, manifest, closed, say) {
  if (closed.publish === "aggregate") { say("codeWithheld"); return; }
  const beside = recordsBeside(code, bundle, manifest);
  if (!beside.length) throw new Wrong("code", "codeMissing");
  let marks = beside.flatMap((record) => record[1].split(",").filter((mark) => mark && !mark.endsWith(":0")));
  if (manifest.ballot.kind !== "cumulative") marks = marks.map((mark) => mark.split(":")[0]);
  if (manifest.ballot.kind !== "ordinal") marks.sort((one, other) => parseInt(one, 10) - parseInt(other, 10));
  say("code", code, listed(marks), marks);
}

// ---------- counting

async function count(manifest, scores, ballots, lots, pause) {
  const { method, budget, conflicts } = manifest;
  const costs = Object.fromEntries(manifest.options.map((option) => [option.key, option.cost]));
  const rivals = Object.fromEntries(keysOf(manifest).map((key) => [key, new Set()]));
  for (const conflict of conflicts) for (const key of conflict) for (const other of conflict) if (other !== key) rivals[key].add(other);
  const order = keysOf(manifest).filter((key) => scores[key] >= Math.max(1, method.threshold))
    .sort((one, other) => scores[other] - scores[one] || lots[one] - lots[other]);
  if (method.rule !== "equalshares") return greedily(order, costs, budget, scores, rivals, method.rule);
  return equalShares(manifest, costs, scores, ballots, lots, order, pause);
}

/** The greedy family: the best first, each funded if it fits; rivals exclude each other. */
function greedily(order, costs, budget, scores, rivals, rule) {
  const stops = rule === "greedy-no-skip" || rule === "greedy-custom", stretches = rule === "greedy-custom";
  const winners = [], ties = [];
  let left = budget, stopped = false;
  const fits = (key) => costs[key] <= left || (stretches && 5 * left >= 4 * costs[key]);
  const shut = (key) => winners.some((won) => rivals[key].has(won));
  for (let at = 0; at < order.length && !stopped;) {
    const equal = order.slice(at).filter((key) => scores[key] === scores[order[at]]);
    at += equal.length;
    const free = equal.filter((key) => !shut(key) && (stops || costs[key] <= left));
    const together = sum(free.map((key) => costs[key])) <= left && !free.some((key) => free.some((other) => rivals[key].has(other)));
    if (free.length > 1 && !together && free.some(fits)) ties.push(free);
    for (const key of equal) {
      if (stopped || shut(key)) continue;
      stopped = stops && costs[key] > left;
      if (fits(key)) { winners.push(key); left = Math.max(0, left - costs[key]); }
    }
  }
  return { winners, ties };
}

const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a; };
const ratio = (top, bottom) => { const common = gcd(top, bottom) || 1n; return [top / common, bottom / common]; };
const below = (a, b) => { const x = a[0] * b[1], y = b[0] * a[1]; return x < y ? -1 : x > y ? 1 : 0; };

/** The Method of Equal Shares, exactly; identical ballots are one group of voters. */
async function equalShares(manifest, costs, scores, ballots, lots, order, pause) {
  const { method, budget } = manifest, { kind } = manifest.ballot;
  const groups = [...ballots].map(([choices, times]) => ({
    times,
    likes: Object.fromEntries(shares(choices, kind).map(([key, points]) =>
      [key, kind === "cumulative" ? points : kind === "ordinal" ? points - 1 : Math.max(1, costs[key])])),
  }));
  const fans = Object.fromEntries(order.map((key) => [key, []]));
  groups.forEach(({ likes }, group) => {
    for (const key of Object.keys(likes)) if (likes[key] && fans[key]) fans[key].push([group, BigInt(likes[key])]);
  });
  const wanted = order.filter((key) => fans[key].length), voters = sum(groups.map((group) => group.times));
  const cost = (keys) => sum(keys.map((key) => costs[key]));
  const times = groups.map((group) => BigInt(group.times));

  /** The lowest price of a unit at which the fans can pay for `key`; null where they cannot. */
  function priceOf(key, money) {
    let missing = [BigInt(costs[key]), 1n], units = 0n;
    if (!costs[key]) return [0n, 1n];
    const classes = new Map();
    for (const [group, liking] of fans[key]) {
      const purse = money[group];
      if (!purse[0]) continue;
      const most = ratio(purse[0], purse[1] * liking), name = most.join("/");
      const one = classes.get(name) || { most, units: 0n };
      one.units += liking * times[group];
      units += liking * times[group];
      classes.set(name, one);
    }
    for (const one of [...classes.values()].sort((a, b) => below(a.most, b.most))) {
      const price = ratio(missing[0], missing[1] * units);
      if (below(price, one.most) <= 0) return price;
      missing = ratio(missing[0] * one.most[1] - one.most[0] * one.units * missing[1], missing[1] * one.most[1]);
      units -= one.units;
    }
    return null;
  }

  function bought(share) {
    const money = groups.map(() => share), won = [], ties = [], prices = new Map(wanted.map((key) => [key, [0n, 1n]]));
    const alike = (a, b) => below(a.price, b.price) || costs[a.key] - costs[b.key] || scores[b.key] - scores[a.key];
    for (;;) {
      let offers = [];
      for (const [key, bound] of [...prices].sort((a, b) => below(a[1], b[1]))) {
        if (offers.length && offers.some(({ price }) => below(bound, price) > 0)) break;
        const price = priceOf(key, money);
        if (price) { prices.set(key, price); offers.push({ key, price }); } else prices.delete(key);
      }
      if (!offers.length) return { winners: won, ties };
      offers.sort((a, b) => alike(a, b) || lots[a.key] - lots[b.key]);
      const [best] = offers;
      offers = offers.filter((offer) => !alike(offer, best));
      if (offers.length > 1) ties.push(offers.map((offer) => offer.key));
      for (const [group, liking] of fans[best.key]) {
        const [top, bottom] = money[group], pays = [best.price[0] * liking, best.price[1]];
        money[group] = below([top, bottom], pays) <= 0 ? [0n, 1n] : ratio(top * pays[1] - pays[0] * bottom, bottom * pays[1]);
      }
      prices.delete(best.key);
      won.push(best.key);
    }
  }

  const isDone = (won) => {
    const left = method.stop_exhaustive ? budget - cost(won) : budget;
    return wanted.every((key) => won.includes(key) || costs[key] > left);
  };
  if (!voters) return { winners: [], ties: [] };
  const adds = method.completion !== "none", step = method.increment;
  let share = Math.floor(budget / (voters * step)) * step;
  let { winners, ties } = bought(adds ? [BigInt(share), 1n] : ratio(BigInt(budget), BigInt(voters)));
  while (adds && !isDone(winners)) {
    share += step;
    const more = bought([BigInt(share), 1n]);
    await pause();
    if (cost(more.winners) > budget) break;
    ({ winners, ties } = more);
  }
  if (method.completion === "add1u") {
    for (const key of wanted) if (!winners.includes(key) && cost(winners) + costs[key] <= budget) winners = [...winners, key];
  }
  if (!method.comparison) return { winners, ties };
  const none = Object.fromEntries(order.map((key) => [key, new Set()]));
  const greedy = greedily(order, costs, budget, scores, none, "greedy");
  const joy = (likes, keys) => sum(keys.map((key) => likes[key] || 0));
  const gain = sum(groups.map(({ times, likes }) => times * Math.sign(joy(likes, greedy.winners) - joy(likes, winners))));
  return gain > 0 ? greedy : { winners, ties };
}

window.openCount = { check, Wrong, Malformed, hashed: sha, signedBy };
})();
