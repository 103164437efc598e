/** Tables of the public interfaces and classes, from the docstrings of their source. */
import ts from "typescript";

type Member = ts.PropertySignature | ts.PropertyDeclaration;

/** The members of an interface, one row each. A docstring's sentence `Default: …` has a column of its own. */
export function tableOfOptions(source: string, interfaceName: string): string {
  const declaration = parse(source)
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === interfaceName);
  if (!declaration) throw new Error(`The source has no interface ${interfaceName}.`);
  const rows = declaration.members.filter(ts.isPropertySignature).map((member) => {
    const [, meaning, fallback = ""] = /^(.*?)(?: ?Default: (.*)\.)?$/.exec(docstringOf(member)) as RegExpExecArray;
    return [`\`${nameOf(member)}\``, `\`${typeOf(member)}\``, fallback, meaning as string];
  });
  return table(["option", "type", "default", "meaning"], rows);
}

/** The error classes that can be thrown, one row each, with the members that each has beside those of its base class. */
export function tableOfErrors(source: string): string {
  const rows = parse(source)
    .filter(ts.isClassDeclaration)
    .filter(({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword))
    .map((declaration) => {
      const members = declaration.members.filter(ts.isPropertyDeclaration).map(nameOf);
      const own = members.filter((name) => name !== "name").map((name) => `\`${name}\``);
      return [`\`${declaration.name?.text}\``, docstringOf(declaration), own.join(", ")];
    });
  return table(["class", "thrown when", "own members"], rows);
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), `| ${header.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

function parse(source: string): ts.Statement[] {
  return [...ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true).statements];
}

function nameOf({ name }: Member): string {
  return name.getText();
}

/** The type as it is written, without the `undefined` that every option admits. */
function typeOf({ type }: Member): string {
  return (type?.getText() ?? "unknown").replace(/ \| undefined$/, "").replace(/^\((.*=>.*)\)$/, "$1");
}

/** The docstring as one line of Markdown. */
function docstringOf(node: Member | ts.ClassDeclaration): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment)?.trim();
  if (!text) throw new Error(`${node.name?.getText()} has no docstring.`);
  return text.replace(/\{@link (\w+)\}/g, "`$1`").replace(/\s+/g, " ");
}
