import type { Session } from "../../e2e/session.ts";
import { measureDags } from "./dags.ts";
import { measureIdle } from "./idle.ts";
import type { BenchTarget } from "./target.ts";
import { measureProjects } from "./projects.ts";
import { measureReady } from "./ready.ts";
import type { Figures, SectionName } from "./report.ts";
import { measureRestore } from "./restore.ts";
import { measureTasks } from "./tasks.ts";

/** Sections that begin with an empty cluster and leave it empty. */
export const onEmptyCluster: Partial<Record<SectionName, (target: BenchTarget) => Promise<Figures>>> = {
  ready: measureReady,
  projects: measureProjects,
};

/** Sections that share one deployed platform; `tasks` is the last one, as it leaves another executor. */
export const onPlatform: Partial<Record<SectionName, (target: BenchTarget, session: Session) => Promise<Figures>>> = {
  idle: measureIdle,
  restore: measureRestore,
  dags: measureDags,
  tasks: measureTasks,
};
