import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closest } from "../../../lib/closest.ts";

interface Options {
  /** Version of Airflow. */
  airflow: string;
  sections: Record<string, string[]>;
}

/** Names of the options that Airflow and the providers of its image read; `scripts/ci/airflow_options.py` writes them. */
export const knownOptions = JSON.parse(readFileSync(join(import.meta.dirname, "options.json"), "utf8")) as Options;

/** What is wrong with an option's name. */
export interface UnknownOption {
  /** The section that was probably meant. @default - the section is right, or nothing is close to it */
  section?: string;
  /** The option that was probably meant. @default - nothing is close to it, or the section is wrong */
  option?: string;
}

/**
 * Whether Airflow does not read an option; undefined: it does, or the section is that of a package that the list does not
 * have.
 */
export function unknownOption(section: string, option: string): UnknownOption | undefined {
  const sections = Object.keys(knownOptions.sections);
  const known = sections.find((name) => plain(name) === plain(section));
  if (known === undefined) {
    const meant = closest(section, sections);
    return meant === undefined ? undefined : { section: meant };
  }
  // Celery hands these on to the broker, which has options of its own.
  if (known.endsWith("_transport_options")) return undefined;
  const options = knownOptions.sections[known] ?? [];
  const name = option.toLowerCase();
  // An option may be read from a command or from a secrets backend.
  if (options.includes(name) || options.includes(name.replace(/_(?:cmd|secret)$/, ""))) return undefined;
  const meant = closest(name, options);
  return meant === undefined ? {} : { option: meant };
}

/** In variables, a section's dots are underscores. */
const plain = (section: string) => section.toLowerCase().replaceAll(".", "_");
