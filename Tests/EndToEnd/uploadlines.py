# SPDX-License-Identifier: Apache-2.0
"""Pictures at the desk on lines that are slow, cut or gone, and through reloads."""

from checks import check, passed, wait_for
from frontends import must_be_accessible
from samplepictures import file, png
from uploadpage import ALT, Line, PHOTO, SMALL, STORY, choose, media, must_be_uploaded, open_desk, picture, publish


def check_slow(room):
    """Two at a time, with progress; one is cancelled and resumed; `Publish` waits for all."""
    desk = open_desk(room)
    desk.write("On a slow line.")
    line = Line(desk)
    line.slow()
    choose(desk, [file(f"{number}.png", png(1000, 700, noise=number)) for number in range(3)])
    bars = desk.composer.locator("progress:visible")
    wait_for(lambda: bars.count() == 2, 10, lambda: f"{bars.count()} pictures are sent at a time")
    picture(desk.composer, 3).get_by_text("2.png waits for its turn.").wait_for()
    wait_for(lambda: 0 < (bars.first.evaluate("bar => bar.value")) < 100, 10, "there is no progress")
    must_be_accessible(desk.page, "pictures on their way")
    picture(desk.composer, 1).get_by_role("button", name="Cancel").click()
    picture(desk.composer, 1).get_by_text("you have stopped it").wait_for()
    wait_for(lambda: bars.count() == 2, 10, "the next one does not take its turn")
    for number in (1, 2, 3):
        picture(desk.composer, number).get_by_label(ALT).fill(f"Number {number}.")
    publish(desk)
    desk.composer.get_by_text("0.png is not uploaded. Upload it, or remove it.").wait_for()
    check(not room.updates("On a slow line.", STORY), "it is published without a picture")
    must_be_accessible(desk.page, "a cancelled upload")
    picture(desk.composer, 1).get_by_role("button", name="Upload it").click()
    publish(desk)
    waiting = desk.composer.get_by_text("Publish: as soon as")
    waiting.wait_for()
    must_be_accessible(desk.page, "waiting for uploads")
    desk.button("Do not wait").click()
    waiting.wait_for(state="hidden")
    publish(desk)
    waiting.wait_for()
    desk.composer.get_by_label("Text").fill("On a slow line, and edited meanwhile.")
    line.mend()
    desk.says("Published.")
    check([medium["alt"] for medium in media(room, "On a slow line, and edited meanwhile.")]
          == ["Number 1.", "Number 2.", "Number 3."], "not all pictures are there")
    desk.must_be_well("a slow line")
    desk.close()
    passed("two pictures are sent at a time, one is cancelled and resumed, and what is published waits for all, or not")


def check_lost_connection(room):
    """In the midst of an upload, with the server; also publishing waits until both are back."""
    desk = open_desk(room)
    keys = []
    desk.page.on("request", lambda request: keys.append(request.headers["idempotency-key"])
                 if request.url.endswith("/media") else None)
    desk.write("Through a tunnel.")
    line = Line(desk)
    line.slow()
    choose(desk, [file("tunnel.png", PHOTO)])
    bar = desk.composer.locator("progress:visible")
    wait_for(lambda: bar.count() and bar.evaluate("bar => bar.value") > 0, 10, "there is no progress")
    picture(desk.composer, 1).get_by_label(ALT).fill("A tunnel.")
    publish(desk)
    line.cut()
    room.wireroom.kill()
    picture(desk.composer, 1).get_by_text("Not yet uploaded: trying again").wait_for()
    must_be_accessible(desk.page, "a lost connection")
    room.wireroom.start()
    # The browser tells that it is online again, which ends the pause.
    line.mend()
    desk.says("Published.")
    check(len(keys) > 1 and len(set(keys)) == 1, f"the attempts have the keys {keys}")
    check(len(media(room, "Through a tunnel.")) == 1, "the picture is not there once")
    desk.must_be_well("a lost connection")
    desk.close()
    passed(f"after a lost connection a picture is sent again by itself, under one key ({len(keys)} attempts), and published")


def check_server_away(room):
    desk = open_desk(room)
    desk.write("While the server was away.")
    room.wireroom.stop()
    choose(desk, [file("away.png", png(640, 480, (9, 9, 9)))])
    picture(desk.composer, 1).get_by_text("trying again").wait_for()
    room.wireroom.start()
    picture(desk.composer, 1).get_by_label(ALT).fill("Away.")
    publish(desk)
    desk.says("Published.")
    check(len(media(room, "While the server was away.")) == 1, "the picture is not there")
    desk.must_be_well("a server that is away")
    desk.close()
    passed("a picture that was chosen while the server was away is uploaded when it is back")


def check_reload(room):
    """A reload loses the file, which is then named; the text and what is uploaded stay."""
    desk = open_desk(room)
    desk.write("Before the reload.", "Kept")
    choose(desk, [file("done.png", SMALL)])
    must_be_uploaded(desk.composer, 1)
    line = Line(desk)
    line.slow()
    choose(desk, [file("half.png", PHOTO)])
    picture(desk.composer, 1).get_by_label(ALT).fill("Done.")
    picture(desk.composer, 2).get_by_label(ALT).fill("Half.")
    # The browser asks before it leaves uploads.
    desk.page.remove_listener("dialog", desk.dismiss)
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.reload()
    lost = picture(desk.composer, 2)
    lost.get_by_text("half.png was not uploaded: choose it again.").wait_for()
    must_be_accessible(desk.page, "a lost file")
    check(desk.composer.get_by_label("Text").input_value() == "Before the reload.", "the text is lost")
    check(picture(desk.composer, 1).locator("img").evaluate("image => image.src").endswith("/320.webp"), "no picture is shown")
    check(lost.get_by_label(ALT).input_value() == "Half.", "the alternative text is lost")
    publish(desk)
    desk.composer.get_by_text("half.png is not uploaded. Upload it, or remove it.").wait_for()
    line.mend()
    with desk.page.expect_file_chooser() as chooser:
        lost.get_by_role("button", name="Choose again…").click()
    check(not chooser.value.is_multiple(), "several files are offered for one picture")
    chooser.value.set_files([file("half.png", PHOTO)])
    must_be_uploaded(desk.composer, 2)
    publish(desk)
    desk.says("Published.")
    check([medium["alt"] for medium in media(room, "Before the reload.")] == ["Done.", "Half."], "the pictures are not there")
    desk.must_be_well("a reload")
    desk.close()
    passed("after a reload text and uploaded pictures are there, and a file that was lost is named and chosen again")


def check_other_view(room):
    """Uploads go on while the editor looks at something else."""
    desk = open_desk(room)
    desk.write("Seen from elsewhere.")
    line = Line(desk)
    line.slow()
    choose(desk, [file("elsewhere.png", png(1000, 700, noise=9))])
    publish(desk)
    desk.page.get_by_role("link", name="Trail").click()
    line.mend()
    desk.page.get_by_role("link", name="Updates", exact=True).click()
    must_be_uploaded(desk.composer, 1)
    check(desk.composer.get_by_label("Text").input_value() == "Seen from elsewhere.", "the text is lost")
    check(not room.updates("Seen from elsewhere.", STORY), "it is published from another view")
    desk.composer.get_by_role("button", name="Remove: Picture 1").click()
    desk.composer.get_by_label("Text").fill("")
    desk.must_be_well("another view")
    desk.close()
    passed("an upload goes on in other views, and nothing is published from there")


CHECKS = [check_slow, check_lost_connection, check_server_away, check_reload, check_other_view]
