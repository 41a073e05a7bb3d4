"""report - Python's HTML parser judges the report: every element closed where it was opened, ids unique, links that
lead somewhere, nothing that loads or runs, and the hostile texts back as the text they were.

    report.py RENDER

RENDER is the program of tests/tools/render.c. Exit code 0 when all pages hold, 1 when one does not.
"""
import html.parser
import re
import subprocess
import sys

VOID = {"meta", "br", "hr", "img", "input", "link", "col"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "svg", "symbol", "path", "circle", "use", "rect", "line", "text",
    "header", "p", "span", "h1", "h2", "h3", "h4", "strong", "b", "bdi", "ul", "ol", "li", "dl", "dt", "dd", "div", "nav",
    "main", "section", "article", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "time", "footer",
}
ATTRIBUTES = {
    "a": {"class", "href", "rel"}, "use": {"href", "class", "x", "y", "width", "height"},
    "meta": {"charset", "http-equiv", "content", "name"}, "time": {"datetime"},
}
COMMON = {"id", "class", "lang", "scope", "colspan", "role", "tabindex", "open", "data-label", "aria-label",
          "aria-labelledby", "aria-hidden"}
SHAPE = {"viewbox", "width", "height", "d", "cx", "cy", "r", "x", "y", "x1", "x2", "y1", "y2", "rx", "overflow", "text-anchor"}
SAMPLES = ["empty", "quiet", "one", "attack", "hostile", "many"]


class Judge(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.targets, self.labels = [], [], set(), set(), set()
        self.headings, self.rows, self.text = [], [], []
        self.raw_text = False

    def say(self, what):
        self.wrong.append("%s at %s" % (what, self.getpos()))

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.say("element " + tag)
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.say("an attribute twice in " + tag)
        for name, value in attrs:
            self.judge_attribute(tag, name, value)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag == "th" and "scope" not in names:
            self.say("th without scope")
        if tag not in VOID:
            self.open.append(tag)
        self.raw_text = tag == "style"

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def judge_attribute(self, tag, name, value):
        allowed = ATTRIBUTES.get(tag, set()) | COMMON | (SHAPE if tag in (
            "svg", "symbol", "path", "circle", "use", "rect", "line", "text") else set())
        if name not in allowed:
            self.say("attribute %s of %s" % (name, tag))
        if name == "id":
            if value in self.ids:
                self.say("id %s twice" % value)
            self.ids.add(value)
        if name == "aria-labelledby":
            self.labels.add(value)
        if name == "href" and value.startswith("#"):
            self.targets.add(value[1:])
        elif name == "href" and not re.fullmatch(r"https://attack\.mitre\.org/(tactics/TA\d{4}|techniques/T\d{4}(/\d{3})?)/", value):
            self.say("link to " + value)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.say("end of %s inside %s" % (tag, self.open[-1:]))
            return
        self.open.pop()
        self.raw_text = False

    def handle_data(self, data):
        if not self.raw_text:
            self.text.append(data)

    def handle_comment(self, data):
        self.say("comment " + data)

    def finish(self):
        self.close()
        if self.open:
            self.wrong.append("left open: %s" % self.open)
        for lost in sorted((self.targets | self.labels) - self.ids):
            self.wrong.append("nothing has the id " + lost)
        if self.headings.count(1) != 1:
            self.wrong.append("%d first headings" % self.headings.count(1))
        for above, below in zip(self.headings, self.headings[1:]):
            if below > above + 1:
                self.wrong.append("a heading of level %d below one of level %d" % (below, above))
        return self.wrong


def judge(render, sample):
    page = subprocess.run([render, "html", sample], check=True, stdout=subprocess.PIPE).stdout
    text = page.decode("utf-8")  # it must be UTF-8 throughout
    parser = Judge()
    parser.feed(text)
    wrong = parser.finish()
    if not text.startswith("<!DOCTYPE html>\n"):
        wrong.append("no document type")
    if sample == "hostile":
        seen = "".join(parser.text)
        for expected in ("<script>alert(1)</script>\"'`&amp;", "--><style>*{}</style></title></svg>", "\\u202egpj.exe",
                         "T1003\"><img src=x onerror=alert(1)>"):
            if expected not in seen:
                wrong.append("the text %r is lost" % expected)
    return wrong


def main():
    failed = False
    for sample in SAMPLES:
        for what in judge(sys.argv[1], sample)[:10]:
            failed = True
            print("%s: %s" % (sample, what))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
