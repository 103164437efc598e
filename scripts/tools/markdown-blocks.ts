/** A block of a document that a script writes: the text between `<!-- name: … -->` and `<!-- /name -->`. */

/** The document with the block's text replaced. Throws when it has no such block. */
export function replaceBlock(document: string, name: string, text: string): string {
  const block = new RegExp(`(<!-- ${name}: [^\\n]* -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!block.test(document)) throw new Error(`The document has no block <!-- ${name}: … --> … <!-- /${name} -->.`);
  return document.replace(block, (_, start: string, end: string) => `${start}${text}\n${end}`);
}
