// Renders the stack with as many projects as its argument says, and prints what that took as JSON.
import { render } from "../../../preview/render.ts";
import { asConfig } from "../../e2e/configuration.ts";
import { folder } from "../../program/program-cases.ts";
import { configuration } from "./platform.ts";
import { projectNames } from "./project-names.ts";

const config = asConfig(configuration("/dags", projectNames(Number(process.argv[2]))));
const { resources } = await render({ folder, stack: "minikube", config, download: false });
const seconds = performance.now() / 1000;
const memoryMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ seconds, memoryMiB, resources: resources.length }));
