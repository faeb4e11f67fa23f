/* The page around verify.js: reads the file and the fields, and shows each check in the reader's language. */
"use strict";

(() => {
const WORDS = {
  title: ["Count this vote again", "公开验票", "公開驗票"],
  intro: ["Counts a vote again on your own device. What you fill in does not leave this device.", "在您自己的设备上把一次投票重新计算一遍。您填写的内容不会离开这台设备。", "在您自己的裝置上把一次投票重新計算一遍。您填寫的內容不會離開這台裝置。"],
  file: ["The published file of the vote", "公布的投票文件", "公布的投票檔案"],
  fileHint: ["The JSON file from the page with the result.", "在投票结果页下载的 JSON 文件。", "在投票結果頁下載的 JSON 檔案。"],
  from: ["File: {0}", "文件：{0}", "檔案：{0}"],
  question: ["The vote: {0}", "这次投票：{0}", "這次投票：{0}"],
  back: ["Back to the public list of this vote", "回到这次投票的公开记录", "回到這次投票的公開紀錄"],
  codeField: ["The code of your ballot (if you like)", "您的验票码（可不填）", "您的驗票碼（可不填）"],
  codeHint: ["The 16 digits of your receipt. Shows what is published beside them.", "回执上的 16 位数字。填写后显示这个验票码旁公布的选择。", "回執上的 16 位數字。填寫後顯示這個驗票碼旁公布的選擇。"],
  more: ["A receipt, or a head from the notice board", "回执或公告栏上的记录指纹", "回執或公告欄上的紀錄指紋"],
  receiptField: ["Text of the receipt (if you like)", "回执全文（可不填）", "回執全文（可不填）"],
  receiptHint: ["From the line open-count-receipt to the last line.", "从 open-count-receipt 一行到最后一行。", "從 open-count-receipt 一行到最後一行。"],
  headField: ["An earlier head (if you like)", "较早的记录指纹（可不填）", "較早的紀錄指紋（可不填）"],
  headHint: ["The six lines from the notice board that begin with open-count-head; several may follow each other.", "公告栏上以 open-count-head 开头的六行；可接着贴多个。", "公告欄上以 open-count-head 開頭的六行；可接著貼多個。"],
  check: ["Count again", "验票", "驗票"],
  checking: ["Counting …", "正在计算……", "正在計算……"],
  outcome: ["Result", "结果", "結果"],
  checks: ["What was checked", "逐项检查", "逐項檢查"],
  program: ["The same checks without a browser:", "不想依赖浏览器？同样的检查：", "不想依賴瀏覽器？同樣的檢查："],
  fits: ["Everything fits", "全部相符", "全部相符"],
  isWrong: ["Something is wrong", "发现不符", "發現不符"],
  unreadable: ["This cannot be read", "无法读取", "無法讀取"],
  choose: ["Please choose the published file first.", "请先选择公布的投票文件。", "請先選擇公布的投票檔案。"],
  fetch: ["The file could not be fetched. Please choose it on this device.", "取不到文件，请从本机选择。", "取不到檔案，請從本機選擇。"],
  malformed: ["This cannot be read: {0}", "无法读取：{0}", "無法讀取：{0}"],
  fileMalformed: ["This is not the published file of a vote (open-count/1: {0}).", "这不是公布的投票文件（open-count/1：{0}）。", "這不是公布的投票檔案（open-count/1：{0}）。"],
  codeMalformed: ["The code has 16 digits. Please compare it with your receipt.", "验票码是16位数字，请对照回执。", "驗票碼是16位數字，請對照回執。"],
  receiptMalformed: ["This is not a whole receipt. Please paste it from its first line to its last.", "回执不完整。请从第一行贴到最后一行。", "回執不完整。請從第一行貼到最後一行。"],
  headMalformed: ["These are not the six lines of a head. Please compare them with the notice.", "这不是完整的六行记录指纹，请对照公告。", "這不是完整的六行紀錄指紋，請對照公告。"],
  option: ["{0}. {1}: {2}", "{0}. {1}：{2}", "{0}. {1}：{2}"],
  won: ["{0}. {1}: {2} – won", "{0}. {1}：{2}，胜出", "{0}. {1}：{2}，勝出"],
  nothing: ["nothing chosen", "未选任何项", "未選任何項"],

  leaves: ["The log has {0} entries; the first fixes the question and the rule, the last closes the vote.", "记录共 {0} 条；第一条定下问题和规则，最后一条结束投票。", "紀錄共 {0} 條；第一條定下問題和規則，最後一條結束投票。"],
  heads: ["Signed heads: {0}. Each fits the log up to there, and its signature is right.", "共 {0} 个签名的记录指纹，每个都与当时的记录相符，签名正确。", "共 {0} 個簽名的紀錄指紋，每個都與當時的紀錄相符，簽名正確。"],
  live: ["Records that count: {0}. Replaced or withdrawn before closing: {1}.", "计入 {0} 条；截止前被替换或撤回 {1} 条。", "計入 {0} 條；截止前被替換或撤回 {1} 條。"],
  seed: ["The seed of the lots is the one that was fixed before.", "抽签种子与事先定下的相同。", "抽籤種子與事先定下的相同。"],
  roll: ["The roll is the one that was fixed before: {0} may vote; {1} voted, as many as there are ballots.", "名册与事先定下的相同：应到 {0}，实到 {1}，与选票数相等。", "名冊與事先定下的相同：應到 {0}，實到 {1}，與選票數相等。"],
  ballots: ["All ballots are those in the log; the counts are right.", "全部选票都在记录中，合计正确。", "全部選票都在紀錄中，合計正確。"],
  withheld: ["The choices are withheld to protect few or recognisable voters: outsiders cannot recount the sums.", "为保护人数少或可辨认的投票人，选择不公布：外人无法重算各项合计。", "為保護人數少或可辨認的投票人，選擇不公布：外人無法重算各項合計。"],
  winners: ["Counted by the rule, these win: {0}.", "按规则计算，胜出：{0}。", "按規則計算，勝出：{0}。"],
  winnersWithheld: ["The winners cannot be recounted without the ballots.", "没有选票，无法重算胜出者。", "沒有選票，無法重算勝出者。"],
  earlier: ["The log still begins as the head of {0} says ({1} entries).", "记录开头与 {0} 的指纹（{1} 条）相同。", "紀錄開頭與 {0} 的指紋（{1} 條）相同。"],
  receipt: ["The ballot of the receipt is in the log and was counted.", "回执上的选票在记录中并已计入。", "回執上的選票在紀錄中並已計入。"],
  receiptGone: ["The ballot of the receipt is in the log; it was replaced or withdrawn before closing. Did you do that?", "回执上的选票在记录中，截止前已被替换或撤回。是您本人所为吗？", "回執上的選票在紀錄中，截止前已被替換或撤回。是您本人所為嗎？"],
  code: ["Beside the code {0} stands: {1}", "验票码 {0} 旁公布的是：{1}", "驗票碼 {0} 旁公布的是：{1}"],
  codeWithheld: ["The choices are withheld: nothing is published beside a code.", "选择不公布，验票码旁没有内容。", "選擇不公布，驗票碼旁沒有內容。"],

  manifestWrong: ["The first entry does not fix the vote as the format asks.", "第一条记录不合格式。", "第一條紀錄不合格式。"],
  closingWrong: ["The last entry does not close the vote.", "最后一条记录不是结束投票。", "最後一條紀錄不是結束投票。"],
  leafWrong: ["Entry {0} is of no known kind.", "第 {0} 条记录不合格式。", "第 {0} 條紀錄不合格式。"],
  headOrder: ["Head {0} is out of order.", "第 {0} 个记录指纹次序不对。", "第 {0} 個紀錄指紋次序不對。"],
  headRoot: ["Head {0} does not fit the log.", "第 {0} 个记录指纹与记录不符。", "第 {0} 個紀錄指紋與紀錄不符。"],
  headSignature: ["The signature of head {0} is wrong.", "第 {0} 个记录指纹的签名不对。", "第 {0} 個紀錄指紋的簽名不對。"],
  headMissing: ["No head covers the whole log.", "没有覆盖全部记录的指纹。", "沒有覆蓋全部紀錄的指紋。"],
  headEarly: ["The log was closed before voting ended.", "投票尚未截止，记录就已结束。", "投票尚未截止，紀錄就已結束。"],
  withheldWrong: ["The choices are withheld, though {0} ballots are enough to publish them.", "共 {0} 张选票，已够公布，选择却没有公布。", "共 {0} 張選票，已夠公布，選擇卻沒有公布。"],
  supersededWrong: ["Entry {0} replaces what is no earlier record, or was replaced before.", "第 {0} 条记录所替换的不是先前有效的记录。", "第 {0} 條紀錄所替換的不是先前有效的紀錄。"],
  seedWrong: ["The seed of the lots is not the one that was fixed before.", "抽签种子与事先定下的不同。", "抽籤種子與事先定下的不同。"],
  rollOrder: ["The roll is not sorted, or has a line twice.", "名册未排序或有重复。", "名冊未排序或有重複。"],
  rollLength: ["The roll has another length than was fixed before.", "名册人数与事先定下的不同。", "名冊人數與事先定下的不同。"],
  rollRoot: ["The roll is not the one that was fixed before.", "名册与事先定下的不同。", "名冊與事先定下的不同。"],
  votedWrong: ["{0} are marked as having voted; the closing entry says {1} voters and {2} ballots.", "名册上已投票 {0} 人；结束记录为 {1} 人、{2} 张选票。", "名冊上已投票 {0} 人；結束紀錄為 {1} 人、{2} 張選票。"],
  recordsMissing: ["The list of ballots is missing.", "缺少选票清单。", "缺少選票清單。"],
  recordsForeign: ["Ballots are listed, but the closing entry withholds them.", "结束记录不公布选票，清单却在。", "結束紀錄不公布選票，清單卻在。"],
  recordTag: ["A ballot is listed under what is no code.", "有选票的验票码不合格式。", "有選票的驗票碼不合格式。"],
  recordOrder: ["The list is not sorted, or has a ballot twice: {0}.", "清单未排序或重复：{0}。", "清單未排序或重複：{0}。"],
  recordInvalid: ["A ballot is not valid: {0}.", "有无效选票：{0}。", "有無效選票：{0}。"],
  commitmentsWrong: ["The published ballots are not those in the log: {0} missing, {1} foreign.", "公布的选票与记录中的不符：缺 {0}，多 {1}。", "公布的選票與紀錄中的不符：缺 {0}，多 {1}。"],
  ballotsWrong: ["There are {0} ballots; the closing entry says {1}.", "共有 {0} 张选票；结束记录为 {1} 张。", "共有 {0} 張選票；結束紀錄為 {1} 張。"],
  marksMany: ["There are more marks than so many ballots can carry.", "标记多于这些选票所能容纳的。", "標記多於這些選票所能容納的。"],
  sumsLog: ["The log has another number of ballots.", "记录中的选票数目不同。", "紀錄中的選票數目不同。"],
  countKeys: ["The counts are not those of the options.", "合计与选项不符。", "合計與選項不符。"],
  sumsMany: ["The counts are more than so many ballots can give.", "合计多于这些选票所能给的。", "合計多於這些選票所能給的。"],
  countWrong: ["Option {0}: {1} were counted, {2} are published.", "选项 {0}：重算为 {1}，公布为 {2}。", "選項 {0}：重算為 {1}，公布為 {2}。"],
  winnersForeign: ["The winners are not options of this vote.", "胜出者不是本次投票的选项。", "勝出者不是本次投票的選項。"],
  winnersWrong: ["By the rule {0} win, published are {1}.", "按规则胜出的是 {0}，公布的是 {1}。", "按規則勝出的是 {0}，公布的是 {1}。"],
  overspent: ["The winners cost more than the budget.", "胜出项目的费用超出预算。", "勝出專案的費用超出預算。"],
  tiesWrong: ["The ties are not those that were met.", "公布的平票与实际不符。", "公布的平票與實際不符。"],
  tieWrong: ["A tie is not one: {0}.", "平票不成立：{0}。", "平票不成立：{0}。"],
  totalWrong: ["The cost of the winners is added up wrongly.", "胜出项目的费用合计不对。", "勝出專案的費用合計不對。"],
  earlierForeign: ["The head that you pasted is of another vote.", "该记录指纹属于另一次投票。", "該紀錄指紋屬於另一次投票。"],
  earlierSignature: ["The signature of that head does not fit this vote's key.", "该记录指纹的签名与本次投票的密钥不符。", "該紀錄指紋的簽名與本次投票的金鑰不符。"],
  earlierWrong: ["The log was changed after the head of {0} with {1} entries was signed. That head is the proof.", "{0} 签名（{1} 条）之后记录被改过，该指纹就是证据。", "{0} 簽名（{1} 條）之後紀錄被改過，該指紋就是證據。"],
  receiptForeign: ["The receipt that you pasted is of another vote.", "回执属于另一次投票。", "回執屬於另一次投票。"],
  receiptSignature: ["The signature of the receipt is wrong.", "回执的签名不对。", "回執的簽名不對。"],
  receiptOther: ["Beside the code stands another ballot than that of the receipt.", "验票码旁的选票与回执不同。", "驗票碼旁的選票與回執不同。"],
  receiptMissing: ["The site signed that it received this ballot, and it is not whole in the log. The receipt is the proof.", "网站签名确认收到这张选票，记录中却不完整或没有。回执就是证据。", "網站簽名確認收到這張選票，紀錄中卻不完整或沒有。回執就是證據。"],
  codeMissing: ["Your code: nothing is published beside it. Please compare each digit with your receipt. If it is right, paste the whole receipt above: then you see whether your vote was replaced, or have the proof that it is missing.", "您的验票码：清单中没有。请对照回执逐位核对。如果没有输错，请在上面贴上回执全文：就能看到这张票是否被替换，如果缺失，回执就是证据。", "您的驗票碼：清單中沒有。請對照回執逐位核對。如果沒有輸錯，請在上面貼上回執全文：就能看到這張票是否被替換，如果缺失，回執就是證據。"],
};
const TAGS = ["en", "zh-Hans", "zh-Hant"];
const { check, Wrong, Malformed } = window.openCount;
const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const wanted = asked.get("from") || "";
const from = wanted.startsWith("/") && new URL(wanted, location.href).origin === location.origin ? wanted : "";
let language = TAGS.includes(asked.get("lang")) ? asked.get("lang") : languageOf(navigator.languages || [navigator.language]);
let shown = null, faults = {}, question = null, fetched = null;

function languageOf(tags) {
  for (const tag of tags) {
    const words = tag.toLowerCase().split("-");
    if (words[0] === "en") return "en";
    if (words[0] === "zh" || words[0] === "yue") {
      return !words.includes("hans") && ["hant", "tw", "hk", "mo"].some((one) => words.includes(one)) ? "zh-Hant" : "zh-Hans";
    }
  }
  return "zh-Hans";
}

function say(key, ...values) {
  return WORDS[key][TAGS.indexOf(language)].replace(/\{(\d)\}/g, (_, place) => values[place]);
}

const titleOf = (said) => said[language] || said["zh-Hans"] || Object.values(said)[0];

function speak(tag) {
  language = tag;
  document.documentElement.lang = tag;
  document.title = say("title");
  document.querySelectorAll("[data-say]").forEach((element) => { element.textContent = say(element.dataset.say); });
  document.querySelectorAll("[data-language]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.language === tag));
  });
  $("from").hidden = !from;
  $("file-field").hidden = Boolean(from) && !faults.file;
  if (from) $("from").textContent = question ? say("question", titleOf(question)) : say("from", from);
  showFaults();
  if (shown) show(shown);
}

/** What is wrong with what was typed stands beside it; `faults`: [key, ...values] by field. */
function showFaults() {
  for (const field of ["file", "code", "receipt", "head"]) {
    const fault = faults[field];
    $(`${field}-fault`).textContent = fault ? say(...fault) : "";
    $(field).setAttribute("aria-invalid", String(Boolean(fault)));
  }
}

function refuse(field, ...fault) {
  faults[field] = fault;
  showFaults();
  if (field === "file") $("file-field").hidden = false;
  $(field).closest("details")?.setAttribute("open", "");
  $("result").hidden = true;
  shown = null;
  $(field).focus();
}

/** `what`: { verdict, fault: [key, ...values] or null, steps: [[key, ...values]], counted, own: what is wrong with what was typed only } */
function show(what) {
  shown = what;
  const { verdict, fault, steps, counted, own } = what;
  $("result").className = verdict === "fits" ? "good" : verdict === "checking" ? "" : "bad";
  $("verdict").textContent = say(verdict);
  $("fault").textContent = fault ? say(...fault) : "";
  const options = counted ? counted.manifest.options : [];
  const named = ([key, ...values]) => key === "winners" && counted
    ? [key, counted.winners.map((won) => `${won}. ${titleOf(options[won - 1].title)}`).join(", ") || "–"] : [key, ...values];
  $("steps").replaceChildren(...steps.map((step) => item(say(...named(step)))));
  $("outcome").hidden = !counted;
  $("options").replaceChildren(...options.map(({ key, title }) => {
    const won = counted.winners.includes(key);
    return item(say(won ? "won" : "option", key, titleOf(title), counted.counts[key]), won ? "won" : "");
  }));
  const code = steps.find(([key]) => key === "code");
  const said = own ? [item(say(...own), "", "p")] : code && counted ? beside(code, options) : [];
  $("beside").hidden = !said.length;
  $("beside").className = own ? "bad" : "";
  $("beside").replaceChildren(...said);
  $("result").hidden = false;
}

function beside([, code, , marks], options) {
  const lines = marks.map((mark) => {
    const [key, points] = mark.split(":");
    return `${key}. ${titleOf(options[key - 1].title)}${points ? ` × ${points}` : ""}`;
  });
  return [say("code", code, ""), ...(lines.length ? lines : [say("nothing")])].map((line) => item(line, "", "p"));
}

function item(words, name = "", kind = "li") {
  const element = document.createElement(kind);
  element.textContent = words;
  if (name) element.className = name;
  return element;
}

async function read() {
  const file = $("file").files[0];
  if (file) return file.text();
  if (!from) throw new Refused("choose");
  fetched ||= fetch(from).then((answer) => { if (answer.ok) return answer.text(); throw new Refused("fetch"); });
  try { return await fetched; } catch {
    fetched = null;
    throw new Refused("fetch");
  }
}

/** Says above the form which vote it is; what cannot be read is said when it is checked. */
async function name() {
  try {
    const said = JSON.parse(JSON.parse(await read()).leaves[0]).question;
    if (typeof titleOf(said) === "string") question = said;
  } catch { return; }
  $("from").textContent = say("question", titleOf(question));
}

class Refused extends Error {
  constructor(key) { super(key); this.key = key; }
}

/** Several heads, one after the other, each of six lines (or one line of JSON). */
function headsIn(words) {
  return words.trim() ? words.trim().split(/\s+(?=open-count-head\b|\{)/) : [];
}

async function run(event) {
  event.preventDefault();
  if ($("check").getAttribute("aria-disabled") === "true") return;
  $("check").setAttribute("aria-disabled", "true");
  faults = {};
  showFaults();
  const steps = [];
  try {
    const code = $("code").value.normalize("NFKC").replace(/[\s-]/g, ""), receipt = $("receipt").value.trim();
    if (code && !/^[0-9]{16}$/.test(code)) throw new Malformed("code");
    const text = await read();
    show({ verdict: "checking", fault: null, steps, counted: null });
    const counted = await check(text, {
      code, heads: headsIn($("head").value), receipts: receipt ? [receipt] : [],
      say: (...step) => steps.push(step),
    });
    show({ verdict: "fits", fault: null, steps, counted });
    $("verdict").focus();
  } catch (error) {
    failed(error, steps);
  }
  $("check").removeAttribute("aria-disabled");
}

const FIELDS = ["code", "receipt", "head"];
const TYPED = ["codeMissing", "receiptForeign", "earlierForeign"]; // say nothing against the vote

/** Beside the field what cannot be read; else the verdict on the vote, and apart from it that on what was typed. */
function failed(error, steps) {
  if (error instanceof Refused) return refuse("file", error.key);
  if (error instanceof Malformed) {
    const field = FIELDS.includes(error.message) ? error.message : "file";
    return refuse(field, `${field}Malformed`, error.message);
  }
  const fault = error instanceof Wrong ? [error.key, ...error.values] : ["malformed", String(error)];
  const own = error.counted && TYPED.includes(error.key);
  const verdict = own ? "fits" : error instanceof Wrong ? "isWrong" : "unreadable";
  show({ verdict, fault: own ? null : fault, own: own ? fault : null, steps, counted: error.counted || null });
  $("verdict").focus();
}

document.querySelectorAll("[data-language]").forEach((button) => {
  button.addEventListener("click", () => speak(button.dataset.language));
});
$("form").addEventListener("submit", run);
document.documentElement.classList.toggle("elder", asked.has("elder"));
$("form").hidden = $("languages").hidden = false;
$("back").hidden = !from;
if (from) {
  $("back").href = new URL("log", new URL(from, location.href)).href;
  name();
}
speak(language);
})();
