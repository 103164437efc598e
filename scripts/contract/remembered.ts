const MOST_KNOWN = 8;

/**
 * A function that keeps its results by the JSON text of its argument, at most eight: the suite asks for the same few many
 * times. What throws is not kept.
 */
export function remembered<Argument, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  const known = new Map<string, Result>();
  return (argument) => {
    const text = JSON.stringify(argument);
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = make(argument);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, result);
    return result;
  };
}
