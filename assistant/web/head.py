"""What is put first into the page's ``<head>``: title, and a script that mends what Gradio has no setting for."""

TITLE = "政策通"

_SCRIPT = """
// Gradio shows its labels in the browser's language, and in English where that is plain “zh”.
Object.defineProperty(navigator, 'language', {value: 'zh-CN'});
Object.defineProperty(navigator, 'languages', {value: ['zh-CN']});

// Enter that picks a word of an input method must never send.
for (const kind of ['keydown', 'keypress'])
  addEventListener(kind, event => {
    if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

// After a click the next words go into the box; on a phone the keyboard would hide the answer.
addEventListener('click', event => {
  if (matchMedia('(pointer: fine)').matches && event.target.closest('.pa-example, #new-conversation, .submit-button'))
    document.querySelector('#question textarea').focus();
});

// Sentences that Gradio has in English only.
const lost = '与服务的连接断了，正在重新连接；恢复后请再发一次。';
const inChinese = {
  'Error': '提示',
  'Connection Lost': '连接已断开',
  'Connection errored out.': lost,
  'Connection to the server was lost. Attempting reconnection...': lost,
};
new MutationObserver(() => {
  document.querySelector('#chat [role=log]:not([aria-label=对话])')?.setAttribute('aria-label', '对话');
  for (const element of document.querySelectorAll('.toast-wrap *'))
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE && inChinese[node.data.trim()]) node.data = inChinese[node.data.trim()];
}).observe(document, {childList: true, subtree: true, characterData: true});
"""

HEAD = f"<title>{TITLE}</title><script>{_SCRIPT}</script>"
