import { descriptors, monthNames, weekdayNames } from "../../../lib/cron.ts";

/** First and last value of a field; a month's name counts from 1, a weekday's from 0. */
const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Longer than the time between two 29th of February. */
const searchedDays = 366 * 8;
const dayMs = 86_400_000;

/**
 * The last time at which a CronJob of UTC was due.
 *
 * @returns undefined for a schedule that was never due
 */
export function lastDue(schedule: string, before: Date): Date | undefined {
  const [minutes, hours, days, months, weekdays] = fieldsOf(schedule);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const midnight = Date.UTC(before.getUTCFullYear(), before.getUTCMonth(), before.getUTCDate());
  const times = hours.values.flatMap((hour) => minutes.values.map((minute) => (hour * 60 + minute) * 60_000));
  for (let back = 0; back < searchedDays; back++) {
    const day = new Date(midnight - back * dayMs);
    const isDay = days.values.includes(day.getUTCDate());
    const isWeekday = weekdays.values.some((weekday) => weekday % 7 === day.getUTCDay());
    // Of two restricted fields one is enough, as in every cron.
    const isEither = days.isAny || weekdays.isAny ? isDay && isWeekday : isDay || isWeekday;
    if (!isEither || !months.values.includes(day.getUTCMonth() + 1)) continue;
    const due = times.map((time) => day.getTime() + time).filter((time) => time <= before.getTime());
    if (due.length > 0) return new Date(Math.max(...due));
  }
  return undefined;
}

interface Field {
  values: number[];
  /** Whether it begins with an asterisk. */
  isAny: boolean;
}

function fieldsOf(schedule: string): Field[] {
  const fields = (descriptors[schedule] ?? schedule).split(" ");
  return ranges.map((range, index) => ({
    values: (fields[index] ?? "*").split(",").flatMap((entry) => valuesOf(entry, range)),
    isAny: fields[index]?.startsWith("*") ?? true,
  }));
}

function valuesOf(entry: string, [min, max]: (typeof ranges)[number]): number[] {
  const [range = "", step] = entry.split("/");
  const [first, last] = range === "*" ? [min, max] : range.split("-").map(valueOf);
  // `5/10` goes on to the end, `5` is itself.
  const end = last ?? (step === undefined ? first : max);
  const every = Number(step ?? 1);
  return Array.from({ length: max - min + 1 }, (_, index) => min + index).filter(
    (value) => value >= (first ?? min) && value <= (end ?? max) && (value - (first ?? min)) % every === 0,
  );
}

function valueOf(text: string): number {
  const name = text.toLowerCase();
  const weekday = weekdayNames.indexOf(name);
  const month = monthNames.indexOf(name);
  if (weekday >= 0) return weekday;
  return month >= 0 ? month + 1 : Number(text);
}
