// What can be measured on a page as it stands; gives a list of faults.
({ target }) => {
  const faults = [];
  const name = (element) => {
    const mark = element.id ? `#${element.id}` : element.getAttribute("href") || element.name || element.className || "";
    return `<${element.tagName.toLowerCase()} ${mark}> in ${element.closest("[id], form, section, nav, header, footer, ul, ol, p")?.outerHTML.slice(0, 60)}`;
  };
  const box = (element) => element.getBoundingClientRect();
  const isHidden = (element) => {
    const { width, height, right, bottom } = box(element);
    return !element.checkVisibility({ visibilityProperty: true }) || right < 0 || bottom < 0 || width < 2 || height < 2;
  };

  // What can be tapped is as large as a fingertip; a link in running text is as large as the text.
  const area = (element) => {
    if (element.matches("input[type=radio], input[type=checkbox]")) return box(element.closest("label") || element);
    const after = getComputedStyle(element, "::after");
    if (after.content !== "none" && after.position === "absolute") {
      const around = getComputedStyle(element).position === "static" ? element.offsetParent : element;
      return box(around);
    }
    return box(element);
  };
  const isInText = (link) => [...link.parentElement.childNodes].some((node) => node.nodeType === 3 && /[\p{L}\p{N}]/u.test(node.data));
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")) {
    const boxed = element.matches("input[type=radio], input[type=checkbox]") && element.closest("label");
    if (isHidden(boxed || element) || (element.tagName === "A" && isInText(element))) continue;
    const { width, height } = area(element);
    if (Math.min(width, height) < target - 0.5) faults.push(`${Math.round(width)}×${Math.round(height)} px is too small to tap (${target}): ${name(element)}`);
  }

  // Nothing stands beyond the right edge.
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) {
    const clips = (element) => { for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) if (getComputedStyle(e).overflowX !== "visible") return true; return false; };
    const out = [...document.body.querySelectorAll("*")].filter((element) => box(element).right > innerWidth + 1 && !clips(element));
    faults.push(`scrolls sideways: ${wide} of ${innerWidth} px, because of ${out.slice(-2).map(name).join(" and ")}`);
  }
  return faults;
}
