"""Label files: three formats by their headers, and errors that name file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.errors import LabelError
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import HandLabel, Labels, select

from .made import crop

CROPS = "file,gesture,source,person,split\n0.jpg,peace,s,p1,dev\n1.jpg,xsign,t,,train\n"
PHOTOS = (
    "photo,source,width,height,people,has_gesture,counted_by_eye,seen_in_boxes,unsure,complete,"
    "split\ng.jpg,s,640,480,5,1,peace:3;fist:2,peace,0,1,dev\nh.jpg,s,640,480,2,0,,,1,0,train\n"
)
HANDS = (
    "photo,x0,y0,x1,y1,gesture,uncertain,size,found_by\n"
    "g.jpg,1.5,2,31.5,42,peace,0,40,detector\n"
    "g.jpg,50,2,60,12,not_hand,1,10,eye\n"
)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(*files: Path) -> Labels:
    return read_labels(files, need_photos=False)


def test_pictures_of_one_hand(tmp_path: Path) -> None:
    labels = read(write(tmp_path, "crops.csv", CROPS))
    first, second = labels.crops
    assert (first.file, first.gesture, first.source, first.person, first.split) == (
        "0.jpg",
        "peace",
        "s",
        "p1",
        "dev",
    )
    assert (second.gesture, second.person) == ("xsign", "")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_group_photos_and_their_hands_in_any_order(tmp_path: Path, order: tuple[int, int]) -> None:
    files = [write(tmp_path, "p.csv", PHOTOS), write(tmp_path, "h.csv", HANDS)]
    photo, other = read(*(files[i] for i in order)).groups
    assert (photo.has_gesture, photo.unsure, photo.complete) == (True, False, True)
    assert (photo.width, photo.height, photo.split) == (640, 480, "dev")
    assert photo.counted == (("peace", 3), ("fist", 2))
    assert photo.signs == 3
    assert photo.hands == (
        HandLabel((1.5, 2.0, 31.5, 42.0), "peace", False, 40.0, "detector"),
        HandLabel((50.0, 2.0, 60.0, 12.0), "not_hand", True, 10.0, "eye"),
    )
    assert (other.has_gesture, other.unsure, other.hands) == (False, True, ())


def test_only_the_needed_columns(tmp_path: Path) -> None:
    photos = write(tmp_path, "p.csv", "has_gesture,photo\n0,g.jpg\n")
    hands = write(tmp_path, "h.csv", "photo,x0,y0,x1,y1,gesture\ng.jpg,0,0,30,40,fist\n")
    (photo,) = read(photos, hands).groups
    assert (photo.width, photo.source, photo.complete) == (0, "", False)
    assert photo.hands == (HandLabel((0.0, 0.0, 30.0, 40.0), "fist", False, 40.0, ""),)


def test_what_spreadsheets_write(tmp_path: Path) -> None:
    # A byte order mark, semicolons, decimal commas, Windows line ends, a blank line at the end.
    photos = "\ufeffPhoto;Has_Gesture\r\ng.jpg;1\r\n\r\n;\r\n"
    hands = "photo;x0;y0;x1;y1;gesture\r\ng.jpg;1,5;2;31,5;42;peace\r\n"
    labels = read(write(tmp_path, "p.csv", photos), write(tmp_path, "h.csv", hands))
    assert labels.groups[0].hands[0].box_xyxy == (1.5, 2.0, 31.5, 42.0)


def test_names_that_are_no_ascii_and_quoted_cells(tmp_path: Path) -> None:
    labels = read(write(tmp_path, "c.csv", 'file,gesture\n"rapat, 5 — 合.jpg",fist\n'))
    assert labels.crops[0].file == "rapat, 5 — 合.jpg"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no header"),
        ("\n\n", 1, "no header"),
        ("a,b\n1,2\n", 1, "no format"),
        ("file,gesture,file\n", 1, "named twice"),
        ("file,gesture\n0.jpg,peace\n1.jpg\n", 3, "1 cells where the header has 2"),
        ("file,gesture\n0.jpg,peace\n,peace\n", 3, "'file' is empty"),
        ("file,gesture\n0.jpg,salute\n", 2, "'salute' is not known"),
        ("file,gesture\n0.jpg,not_hand\n", 2, "'not_hand' is not known"),
        ("file,gesture\n0.jpg,peace\n\n0.jpg,one\n", 4, "on line 2 already"),
        ('file,gesture,person\n0.jpg,peace,"a\nb"\n1.jpg,x,y\n', 4, "'x' is not known"),
        ("photo,has_gesture\ng.jpg,\n", 2, "'has_gesture' is empty"),
        ("photo,has_gesture\ng.jpg,yes\n", 2, "neither 0 nor 1"),
        ("photo,has_gesture,width\ng.jpg,1,wide\n", 2, "'wide' is no number"),
        ("photo,has_gesture,width\ng.jpg,1,inf\n", 2, "'inf' is no number"),
        ("photo,has_gesture,counted_by_eye\ng.jpg,1,peace:x\n", 2, "not gesture:count"),
        ("photo,has_gesture,counted_by_eye\ng.jpg,1,wave:2\n", 2, "not gesture:count"),
    ],
)
def test_malformed_files_are_refused(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, "bad.csv", text)
    with pytest.raises(LabelError) as caught:
        read(path)
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert words in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("z.jpg,0,0,1,1,peace", "in no file of group photos"),
        ("g.jpg,5,0,5,1,peace", "is empty"),
        ("g.jpg,0,9,5,1,peace", "is empty"),
        ("g.jpg,0,,5,1,peace", "'y0' is empty"),
        ("g.jpg,0,nan,5,1,peace", "no number"),
        ("g.jpg,0,0,5,1,hand", "'hand' is not known"),
    ],
)
def test_malformed_hands_are_refused(tmp_path: Path, row: str, words: str) -> None:
    photos = write(tmp_path, "p.csv", PHOTOS)
    hands = write(tmp_path, "h.csv", f"photo,x0,y0,x1,y1,gesture\n{row}\n")
    with pytest.raises(LabelError) as caught:
        read(photos, hands)
    assert caught.value.message.startswith(f"{hands}:2: ")
    assert words in caught.value.message
    assert caught.value.remedy


def test_hands_without_photos_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="without a file of group photos"):
        read(write(tmp_path, "h.csv", HANDS))


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no row"):
        read(write(tmp_path, "c.csv", "file,gesture\n"))


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", CROPS)
    with pytest.raises(LabelError, match="two label files"):
        read(path, path)


def test_what_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="not UTF-8"):
        read(write(tmp_path, "c.csv", "file,gesture\nfoto-é.jpg,peace\n", "latin-1"))
    with pytest.raises(LabelError, match="cannot be read"):
        read(tmp_path / "nothing.csv")


def test_hands_go_to_the_photos_beside_them(tmp_path: Path) -> None:
    files = []
    for name, gesture in (("one", "peace"), ("two", "fist")):
        folder = tmp_path / name
        folder.mkdir()
        files += [
            write(folder, "p.csv", "photo,has_gesture\ng.jpg,1\n"),
            write(folder, "h.csv", f"photo,x0,y0,x1,y1,gesture\ng.jpg,0,0,9,9,{gesture}\n"),
        ]
    assert [g.hands[0].gesture for g in read(*files).groups] == ["peace", "fist"]


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a picture")


@pytest.mark.parametrize("folder", ["", "crops", "photos", "labels", "images"])
def test_pictures_are_found_beside_the_label_file(tmp_path: Path, folder: str) -> None:
    picture(tmp_path / folder / "0.jpg")
    labels = read_labels([write(tmp_path, "labels.csv", CROPS)])
    # The one that is missing keeps a name there, to be reported as unread.
    assert [c.path for c in labels.crops] == [tmp_path / folder / n for n in ("0.jpg", "1.jpg")]


def test_a_folder_that_is_given_goes_first(tmp_path: Path) -> None:
    for name in ("0.jpg", "1.jpg"):
        picture(tmp_path / "crops" / name)
        picture(tmp_path / "elsewhere" / "set" / name)
    file = write(tmp_path, "crops.csv", CROPS.replace("0.jpg", "set/0.jpg"))
    labels = read_labels([file], tmp_path / "elsewhere")
    assert labels.crops[0].path == tmp_path / "elsewhere" / "set" / "0.jpg"


def test_no_picture_at_all_is_an_error_before_any_work(tmp_path: Path) -> None:
    file = write(tmp_path, "crops.csv", CROPS)
    with pytest.raises(LabelError, match="none of its 2 pictures") as caught:
        read_labels([file])
    assert "--photos" in caught.value.remedy


many = Labels(tuple(crop(f"{i}.jpg", "peace", f"s{i % 3}", "", "dev") for i in range(50)))


@given(st.integers(1, 60), st.integers(0, 5))
def test_a_sample_is_seeded_ordered_and_without_repeats(limit: int, seed: int) -> None:
    drawn = select(many, limit=limit, seed=seed)
    assert drawn == select(many, limit=limit, seed=seed)
    places = [many.crops.index(c) for c in drawn.crops]
    assert places == sorted(set(places))
    assert len(places) == min(limit, 50)


def test_splits_and_sources_are_chosen() -> None:
    assert len(select(many, "train")) == 0
    assert len(select(many, "dev", exclude=["s0"])) == 33
    assert select(many, "dev", exclude=["s0"]).sources == {"s1", "s2"}
