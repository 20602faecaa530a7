// In the history the answer to a form stands for sending it: who comes back to it by the back button would be asked to
// send it once more. As the page that it shows, it is loaded anew instead.
history.replaceState(null, "", location.pathname + document.body.dataset.again);
