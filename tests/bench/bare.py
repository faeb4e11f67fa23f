"""The smallest pages of each kind: what Flask, Jinja, SQLAlchemy and one durable insert cost by themselves."""

import sys
from pathlib import Path

import waitress
from flask import Flask, redirect, render_template_string, request
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import event, text

LIST = """<!doctype html><title>Needs</title><h1>Needs</h1><ol>
{% for need in needs %}<li><a href="{{ need.id }}/">{{ need.title }}</a> <span>{{ need.state }}</span> {{ need.place }} {{ need.reported_at }} {{ need.supporters }}</li>
{% endfor %}</ol>"""
ITEM = """<!doctype html><title>{{ need.title }}</title><h1>{{ need.title }}</h1><p>{{ need.story }}</p><p>{{ need.state }}</p>"""
FORM = """<!doctype html><title>Form</title><form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"><input name="words"></form>"""


def bare_app(url: str, bodies: Path) -> Flask:
    """Pages over the database at `url`; `/same/<name>` gives the bytes of the file of that name in `bodies`."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=url, WTF_CSRF_TIME_LIMIT=None)
    db = SQLAlchemy(app)
    CSRFProtect(app)
    same = {path.name: path.read_bytes() for path in bodies.iterdir()}
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":

            @event.listens_for(engine, "connect")
            def durable(connection, record):
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")

    @app.get("/same/<name>")
    def hello(name):
        return same[name]

    @app.get("/list")
    def needs():
        rows = db.session.execute(
            text(
                "SELECT id, title, state, place, reported_at, supporters FROM need "
                "WHERE region_id = :region AND listed ORDER BY id DESC LIMIT 20"
            ),
            {"region": int(request.args["region"])},
        ).all()
        return render_template_string(LIST, needs=rows)

    @app.get("/item/<int:number>")
    def item(number):
        row = db.session.execute(text("SELECT * FROM need WHERE id = :id"), {"id": number}).one()
        return render_template_string(ITEM, need=row)

    @app.route("/insert", methods=["GET", "POST"])
    def insert():
        if request.method == "POST":
            db.session.execute(text("INSERT INTO bare_row (words) VALUES (:words)"), {"words": request.form["words"]})
            db.session.commit()
            return redirect("/insert", 303)
        return render_template_string(FORM)

    return app


if __name__ == "__main__":
    waitress.serve(bare_app(sys.argv[1], Path(sys.argv[2])), port=int(sys.argv[3]), threads=8, ident="")
