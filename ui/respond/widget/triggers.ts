/* When a pop-up comes: after so many seconds, so far down the page, or when the mouse leaves for the address bar. Whichever
 * is first; five seconds where the page asked for nothing, never by itself with data-open="call". */
export function triggers({ delay, scroll, exit, open: when }: DOMStringMap, open: () => void): void {
  const once = new AbortController();
  const { signal } = once;
  const fire = () => {
    if (signal.aborted) return;
    once.abort();
    open();
  };
  if (delay || (!scroll && exit == null && !when)) setTimeout(fire, 1000 * +(delay || 5));
  if (scroll) {
    addEventListener('scroll', () => {
      const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
      if (scrollTop >= ((scrollHeight - clientHeight) * parseFloat(scroll)) / 100) fire();
    }, { signal, passive: true });
  }
  if (exit != null) document.addEventListener('mouseout', (event) => event.relatedTarget || event.clientY > 0 || fire(), { signal });
}
