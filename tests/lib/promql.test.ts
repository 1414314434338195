import assert from "node:assert/strict";
import { metricsOf, withMatchers, withoutThresholds } from "../../lib/promql.ts";

describe("metricsOf", () => {
  it("finds metrics and nothing else of a query", () => {
    const query = `sum by (a, b) (rate(x_total{l="y", m=~"z.+"}[2m])) / on (c) group_left () (up offset 15m > 0) or vector(0)`;
    assert.deepEqual(metricsOf(query), ["x_total", "up"]);
    assert.deepEqual(metricsOf(`topk(10, max(ALERTS{alertstate="firing"}) - time() unless foo:bar) and on () baz`), [
      "ALERTS",
      "foo:bar",
      "baz",
    ]);
  });

  it("refuses what is not PromQL, and says where", () => {
    assert.throws(() => metricsOf("rate(x_total[$interval])"), /found rate.*not valid PromQL at character 14/);
    assert.throws(() => metricsOf("sum by (a (b)"), /not valid PromQL/);
  });
});

describe("withMatchers", () => {
  const both = (query: string) =>
    withMatchers(query, (metric, own) => [`m="${metric}"`, ...(own === "" ? [] : ['o="1"'])]);

  it("adds to each selector what its metric and its own matchers ask for", () => {
    assert.equal(
      both(`sum(rate(x{a="b", c=~"}"}[2m])) > y`),
      `sum(rate(x{m="x", o="1", a="b", c=~"}"}[2m])) > y{m="y"}`,
    );
    assert.equal(both("x{} offset 5m or vector(0)"), `x{m="x"} offset 5m or vector(0)`);
  });

  it("leaves alone what nothing is added to", () => {
    assert.equal(
      withMatchers("x{} / y", () => []),
      "x{} / y",
    );
  });
});

describe("withoutThresholds", () => {
  it("keeps what is watched and drops how much of it is trouble", () => {
    assert.equal(withoutThresholds("sum by (a) (x_total) > 3.5"), "sum by (a) (x_total)");
    assert.equal(
      withoutThresholds("(rate(x[5m]) or on () vector(0)) == 0 and on () up == 1"),
      "(rate(x[5m]) or on () vector(0)) and on () up",
    );
    assert.equal(withoutThresholds("time() - max(x) > 26 * 3600"), "time() - max(x)");
    assert.equal(withoutThresholds("x > bool 2 or y != 0"), "x or y");
    assert.equal(withoutThresholds("x > scalar(y) and x > y"), "x > scalar(y) and x > y");
    assert.equal(withoutThresholds('a / (b{c!="1", d=~"2"} > 0) > max(e)'), 'a / (b{c!="1", d=~"2"}) > max(e)');
  });
});
