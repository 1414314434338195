import assert from "node:assert/strict";
import { isAgeRecipient } from "../../lib/age.ts";

// Made by pyrage 1.4.0.
const recipients = [
  "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7h",
  "age13nplzzfa95j9cjesq2hwa584za4gsdln4pr0mj8l29p5m7denvfse3j4uf",
  "age1e4pkyc2kcsn54tmx400wfw3jfpzvlhzalvw959p70c23yx9sjqmsy9d9vg",
];
const [recipient = ""] = recipients;

describe("an age public key", () => {
  for (const text of recipients) {
    it(`may be ${text}`, () => {
      assert.equal(isAgeRecipient(text), true);
    });
  }

  const wrong: Record<string, string> = {
    "with one letter changed": recipient.replace("7p7m", "7q7m"),
    "with two letters exchanged": recipient.replace("57p7", "75p7"),
    "cut short": recipient.slice(0, -1),
    "with a letter that Bech32 has not": recipient.replace("p7m", "b7m"),
    "in capitals": recipient.toUpperCase(),
    "that is a secret key": "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ",
    "of nothing": "",
  };
  for (const [title, text] of Object.entries(wrong)) {
    it(`may be none ${title}`, () => {
      assert.equal(isAgeRecipient(text), false);
    });
  }
});
