/** A text that the chart reads as a template, and that comes out as it is. */
export function literal(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}
