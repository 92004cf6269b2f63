/* The smallest help for making elements. Only own members are read: a host page may have put anything on Object.prototype. */

type Value = string | number | boolean | null | undefined | ((event: any) => void);
export type Child = Node | string | false | null | undefined;

function put<T extends Element>(node: T, values: Record<string, Value>): T {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== false && value != null) node.setAttribute(name, value as string);
  }
  return node;
}

export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren(...children.filter((each): each is Node | string => !!each));
}

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, values: Record<string, Value> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = put(document.createElement(tag), values);
  fill(node, ...children);
  return node;
}

/* A picture of one path in a square of 24. */
export function svg(d: string): SVGElement {
  const make = (tag: 'svg' | 'path', values: Record<string, Value>) => put(document.createElementNS('http://www.w3.org/2000/svg', tag), values);
  const node = make('svg', { viewBox: '0 0 24 24', 'aria-hidden': true });
  node.append(make('path', { d }));
  return node;
}
