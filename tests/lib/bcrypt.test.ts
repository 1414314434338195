import assert from "node:assert/strict";
import { bcrypt } from "../../lib/bcrypt.ts";

describe("bcrypt", () => {
  // Hashes by crypt(3) of libxcrypt.
  const cases: [password: string, salt: string, cost: number, hash: string][] = [
    ["U*U", "10410410410410410410410410410410", 5, "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
    ["", "144b3d691a7b4ecf39cf735c7fa7a79c", 6, "DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."],
    ["ü".repeat(40), "10410410410410410410410410410410", 5, "CCCCCCCCCCCCCCCCCCCCC.SqzfMCnGXq0/GEKuUJ0//CNAi0GNL0m"],
  ];
  for (const [password, salt, cost, hash] of cases) {
    it(`hashes ${JSON.stringify(password)} at cost ${cost} as crypt(3) does`, () => {
      assert.equal(bcrypt(password, Buffer.from(salt, "hex"), cost), `$2a$0${cost}$${hash}`);
    });
  }
});
