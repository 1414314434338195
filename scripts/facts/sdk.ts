import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** An input of a resource, as the cloud's package for Node declares it. */
export interface SdkInput {
  /** From the resource on, without the places in lists: `nodeConfig.taints.key`. */
  path: string;
  kind: "text" | "number" | "boolean" | "map" | "block";
  /** Which of the steps of its path are lists. */
  lists: boolean[];
  isRequired: boolean;
}

const packages = join(import.meta.dirname, "../../node_modules/@pulumi");
const plain = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;

/** Reads the inputs of types from the declarations of the pinned package of a cloud. */
export function sdkTypes(provider: string, tokens: readonly string[]): Map<string, SdkInput[]> {
  const files = new Map(tokens.map((token) => [token, declarationOf(provider, token)]));
  const program = ts.createProgram([...files.values()], {
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    types: [],
  });
  return new Map([...files].map(([token, file]) => [token, typeIn(program, file, token)]));
}

/** The type `compute/sSLPolicy:SSLPolicy` is in compute/sslpolicy.d.ts. */
function declarationOf(provider: string, token: string): string {
  const [, module = ""] = token.split(":");
  const [folder = "", name = ""] = module.split("/");
  const at = join(packages, provider, folder);
  const file = readdirSync(at).find((found) => found.toLowerCase() === `${name.toLowerCase()}.d.ts`);
  if (file === undefined) throw new Error(`the package ${provider} declares no ${token}`);
  return join(at, file);
}

function typeIn(program: ts.Program, file: string, token: string): SdkInput[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const name = token.split(":").at(-1) ?? "";
  const exported = (found: string) => checker.tryGetMemberInModuleExports(found, module ?? fail(token)) ?? fail(token);
  return inputsOf(checker, checker.getDeclaredTypeOfSymbol(exported(`${name}Args`)), "", []);
}

function fail(token: string): never {
  throw new Error(`the declaration of ${token} was not understood`);
}

function inputsOf(checker: ts.TypeChecker, type: ts.Type, parent: string, lists: readonly boolean[]): SdkInput[] {
  return type.getProperties().flatMap((property) => {
    const path = parent === "" ? property.name : `${parent}.${property.name}`;
    const given = bare(checker.getTypeOfSymbol(property));
    const isList = checker.isArrayType(given);
    const item = isList ? bare(itemOf(checker, given)) : given;
    const input = {
      path,
      kind: kindOf(checker, item),
      lists: [...lists, isList],
      isRequired: (property.flags & ts.SymbolFlags.Optional) === 0,
    };
    const inner = input.kind === "block" && lists.length < 8 ? inputsOf(checker, item, path, input.lists) : [];
    return [input, ...inner];
  });
}

/** What an `Input<T>` or an optional one is: without undefined, promises and outputs. */
function bare(type: ts.Type): ts.Type {
  if (!type.isUnion()) return type;
  const wrappers = ["Promise", "OutputInstance"];
  const parts = type.types.filter(
    (part) => (part.flags & ts.TypeFlags.Undefined) === 0 && !wrappers.includes(part.getSymbol()?.name ?? ""),
  );
  // A policy may be a document or its text, which is what the provider gets.
  const preferred = [ts.TypeFlags.StringLike, ts.TypeFlags.Object];
  const found = preferred.map((flag) => parts.find((part) => (part.flags & flag) !== 0));
  return found.find((part) => part !== undefined) ?? parts[0] ?? type;
}

function itemOf(checker: ts.TypeChecker, list: ts.Type): ts.Type {
  return checker.getIndexTypeOfType(list, ts.IndexKind.Number) ?? list;
}

function kindOf(checker: ts.TypeChecker, type: ts.Type): SdkInput["kind"] {
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return "number";
  if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return "boolean";
  if ((type.flags & plain) !== 0) return "text";
  return checker.getIndexInfosOfType(type).length > 0 ? "map" : "block";
}
