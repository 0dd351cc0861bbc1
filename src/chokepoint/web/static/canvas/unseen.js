// What hides in a text, spelt out; the same characters and the same needs of scripts as the server's list has
// (values/unseen.py). The server has done it already; whatever reaches a canvas passes here all the same.

const PLANES = [...Array(17).keys()].map((plane) => `\\u{${(plane * 65536 + 0xfffe).toString(16)}}\\u{${(plane * 65536 + 0xffff).toString(16)}}`);
const HIDDEN = new RegExp(
  "[\\u0000-\\u001f\\u007f-\\u009f" +
    "\\u00ad\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb" +
    "\\u061c\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d159}\\u{1d173}-\\u{1d17a}" +
    "\\u2028\\u2029\\ud800-\\udfff\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180d\\u180f\\u2800\\u3164\\uffa0" +
    "\\ufe00-\\ufe0f\\u{e0000}-\\u{e0fff}\\ufdd0-\\ufdef" + PLANES.join("") + "]",
  "gu",
);
const VIRAMA = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed]$/;
const ARABIC = "[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}]";
const AFTER_ARABIC = new RegExp(`${ARABIC}$`, "u");
const BEFORE_ARABIC = new RegExp(`^${ARABIC}`, "u");

/** Whether the writing before and after needs a character to be read as it is meant. @param {string} one @param {string} before @param {string} after */
function needed(one, before, after) {
  if (one === "\u200c" || one === "\u200d") {
    const pictures = /\p{So}(\ufe0f|\p{Sk})?$/u.test(before) && /^\p{So}/u.test(after);
    return VIRAMA.test(before) || (AFTER_ARABIC.test(before) && BEFORE_ARABIC.test(after)) || (one === "\u200d" && pictures);
  }
  if (one === "\ufe0e" || one === "\ufe0f") return /[\p{So}\p{Sm}]$/u.test(before) || (/[#*0-9]$/.test(before) && after.startsWith("\u20e3"));
  return one >= "\u{e0100}" && /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]$/u.test(before);
}

/**
 * Text in which every character that hides, turns or cannot be written is spelt out.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(HIDDEN, (one, at) =>
    needed(one, text.slice(Math.max(0, at - 4), at), text.slice(at + one.length, at + one.length + 2))
      ? one
      : `⟨U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
